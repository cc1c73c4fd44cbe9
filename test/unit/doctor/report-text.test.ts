import { describe, expect, it } from '@jest/globals';
import { ok, problem, skipped, warning, type Finding } from '../../../lib/doctor/finding.js';
import { reportText } from '../../../lib/doctor/report-text.js';
import { toReport } from '../../../lib/doctor/report.js';

const URL = 'https://notes.example.com/mcp';
const SERVER = 'https://auth.example.com';
const FINDINGS: Finding[] = [
  ok('https', 'All is well.'),
  { server: SERVER, ...problem('pkce', 'There is no PKCE.', 'Turn it on.') },
  warning('clock', 'The clock is slow.', 'Set it.'),
  { server: SERVER, ...skipped('signature_keys', 'There is no jwks_uri.') },
];

describe('a report as text', () => {
  it('is a checklist for the URL and for each authorization server, with the number of problems', () => {
    expect(reportText(toReport(URL, FINDINGS), false)).toBe(`${URL}
  ok       https           All is well.
  warning  clock           The clock is slow.
                           To do: Set it.

Authorization server ${SERVER}
  problem  pkce            There is no PKCE.
                           To do: Turn it on.
  skipped  signature_keys  There is no jwks_uri.

1 problem, 1 warning, 1 ok.`);
  });

  it('has colored statuses if colors are requested', () => {
    const text = reportText(toReport(URL, FINDINGS), true);
    expect(text).toContain('\u001b[31mproblem\u001b[0m  pkce');
    expect(text).toContain('\u001b[32mok\u001b[0m       https');
  });
});

describe('a report', () => {
  it.each([
    [[ok('a', '')], true],
    [[warning('a', '', '')], true],
    [[skipped('a', '')], true],
    [[ok('a', ''), problem('b', '', '')], false],
  ])('of %j is healthy: %s', (findings, isHealthy) => {
    expect(toReport(URL, findings).isHealthy).toBe(isHealthy);
  });

  it('has no text that controls a terminal, reorders characters, begins a line or is endless', () => {
    const text = `\u001b[2J\u009b\r\n\u202e${'x'.repeat(5000)}`;
    const finding = { server: text, ...problem('a', text, text) };
    const report = toReport(text, [finding]);
    const printed = `${JSON.stringify(report)}${reportText(report, false).replaceAll('\n', '')}`;
    expect(printed).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
    expect(printed.length).toBeLessThan(15_000);
  });
});
