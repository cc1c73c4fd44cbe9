import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { ConsoleLogger, Logger, type LogLevel } from '@nestjs/common';
import { log } from '../../../lib/log/log.js';
import { HOSTILE, SHOWN } from '../../support/hostile-text.js';

afterEach(() => {
  jest.restoreAllMocks();
  Logger.overrideLogger(undefined as never);
});

describe('the log of the module', () => {
  it('escapes and shortens messages at every level', () => {
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

  it('does not build debug messages if debug is not enabled', () => {
    Logger.overrideLogger(false);
    const make = jest.fn(() => 'x');
    log.debug(make);
    expect(make).not.toHaveBeenCalled();
  });

  describe('at debug on Nest 11, whose isLevelEnabled() needs a list of levels', () => {
    const quiet = { log: jest.fn(), warn: jest.fn(), error: jest.fn(), debug: jest.fn() };
    const isMade = (levels: LogLevel[] = []) => {
      jest.spyOn(Logger, 'isLevelEnabled').mockImplementation((level) => levels.includes(level));
      const make = jest.fn(() => 'x');
      log.debug(make);
      return make.mock.calls.length === 1;
    };

    it('builds the message for a ConsoleLogger that writes all levels', () => {
      const debug = jest.spyOn(ConsoleLogger.prototype, 'debug').mockReturnValue();
      Logger.overrideLogger(new ConsoleLogger());
      expect(isMade()).toBe(true);
      expect(debug).toHaveBeenCalledWith('x', 'McpAuthModule');
    });

    it('builds the message for a logger of the application', () => {
      Logger.overrideLogger(quiet);
      expect(isMade()).toBe(true);
    });

    it.each([
      ['a list of levels without debug', quiet, ['warn', 'error', 'fatal']],
      ['a ConsoleLogger without debug', new ConsoleLogger({ logLevels: ['error'] }), []],
      ['no logger at all', false, []],
    ] as const)('does not build the message for %s', (_, logger, levels) => {
      Logger.overrideLogger(logger);
      expect(isMade([...levels])).toBe(false);
    });
  });
});
