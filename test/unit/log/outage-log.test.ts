import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { OutageLog } from '../../../lib/log/outage-log.js';

const STALE = 'The cached document stays in use.';
const UNAVAILABLE = 'There is none to use.';
const RECOVERY = 'The document can be fetched again.';

let now: number;
let warnings: jest.SpiedFunction<Logger['warn']>;
let debug: jest.SpiedFunction<Logger['debug']>;

beforeEach(() => {
  now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  warnings = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  debug = jest.spyOn(Logger.prototype, 'debug').mockReturnValue(undefined);
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('OutageLog', () => {
  it.each<[string, (typeof STALE | typeof UNAVAILABLE | 'well')[], string[]]>([
    ['nothing while there is no outage', ['well', 'well'], []],
    ['the first failure', [STALE, STALE, STALE], [`refused ${STALE}`]],
    ['the end of an outage, once', [STALE, 'well', 'well'], [`refused ${STALE}`, RECOVERY]],
    [
      'another consequence',
      [STALE, STALE, UNAVAILABLE, UNAVAILABLE],
      [`refused ${STALE}`, `refused ${UNAVAILABLE}`],
    ],
    [
      'each outage anew',
      [UNAVAILABLE, 'well', UNAVAILABLE, 'well'],
      [`refused ${UNAVAILABLE}`, RECOVERY, `refused ${UNAVAILABLE}`, RECOVERY],
    ],
  ])('warns of %s', (_case, course, expected) => {
    const log = new OutageLog(RECOVERY);
    for (const step of course) {
      if (step === 'well') {
        log.succeeded();
      } else {
        log.failed('refused', step);
      }
    }
    expect(warnings.mock.calls.flat()).toEqual(expected);
  });

  it('logs further failures at debug', () => {
    const log = new OutageLog(RECOVERY);
    log.failed('refused', STALE);
    expect(debug).not.toHaveBeenCalled();
    log.failed('timed out', STALE);
    expect(debug.mock.calls.flat()).toEqual(['timed out']);
  });

  it('warns once of a thing that fails for every second request', () => {
    const log = new OutageLog(RECOVERY, 10_000);
    for (; now < 60_000; now += 1000) {
      log.failed('refused', UNAVAILABLE);
      log.succeeded();
    }
    expect(warnings.mock.calls.flat()).toEqual([`refused ${UNAVAILABLE}`]);
    now += 8999;
    log.succeeded();
    expect(warnings).toHaveBeenCalledTimes(1);
    now += 1;
    log.succeeded();
    expect(warnings.mock.calls.flat()).toEqual([`refused ${UNAVAILABLE}`, RECOVERY]);
  });
});
