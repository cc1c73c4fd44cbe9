import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { log } from '../../../lib/log/log.js';
import { HOSTILE, SHOWN } from '../../support/hostile-text.js';

afterEach(() => {
  jest.restoreAllMocks();
  Logger.overrideLogger(undefined as never);
});

describe('what is logged', () => {
  it('is escaped and bounded at every level', () => {
    const lines: unknown[] = [];
    const write = (line: unknown) => void lines.push(line);
    Logger.overrideLogger({ log: write, warn: write, error: write, debug: write });
    log.error(HOSTILE);
    log.warn(HOSTILE);
    log.debug(() => ['one', HOSTILE]);
    log.error('x'.repeat(100_000));
    expect(lines.slice(0, 3)).toEqual([SHOWN, SHOWN, `one\n${SHOWN}`]);
    expect(String(lines[3]).length).toBeLessThan(5000);
  });

  it('costs nothing at debug where that is not enabled', () => {
    Logger.overrideLogger(false);
    const make = jest.fn(() => 'x');
    log.debug(make);
    expect(make).not.toHaveBeenCalled();
  });
});
