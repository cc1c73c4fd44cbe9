import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { Terminal } from '../../../lib/cli/command.js';
import { printReport } from '../../../lib/cli/print-report.js';
import { ok, problem } from '../../../lib/doctor/finding.js';
import { toReport } from '../../../lib/doctor/report.js';

const URL = 'https://notes.example.com/mcp';
const HEALTHY = toReport(URL, [ok('clock', 'The clock is right.')]);
const ILL = toReport(URL, [problem('clock', 'The clock is wrong.', 'Set it.')]);

function print(
  report: typeof HEALTHY,
  {
    isTTY = false,
    env = {},
    json = false,
  }: { isTTY?: boolean; env?: Terminal['env']; json?: boolean },
) {
  const stdout = Object.assign(new PassThrough(), { isTTY });
  const status = printReport(report, { json }, { stdout, env } as unknown as Terminal);
  return { status, text: String(stdout.read()) };
}

describe('printReport', () => {
  it.each([
    ['on a terminal', true, {}, true],
    ['on a terminal with an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['on a terminal with NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['into a file', false, {}, false],
  ])('uses colors only on a terminal without NO_COLOR: %s', (_, isTTY, env, isColored) => {
    expect(print(HEALTHY, { isTTY, env }).text.includes('\u001b[')).toBe(isColored);
  });

  it('prints JSON without colors', () => {
    const { text } = print(HEALTHY, { isTTY: true, json: true });
    expect(JSON.parse(text)).toEqual(HEALTHY);
  });

  it.each([
    ['a healthy report', HEALTHY, 0],
    ['a report with a problem', ILL, 1],
  ])('returns the exit status of %s', (_, report, status) => {
    expect(print(report, {}).status).toBe(status);
  });
});
