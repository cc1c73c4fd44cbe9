import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { OutageLog } from '../../../../lib/authorization-server/fetching/outage-log.js';

const STALE = 'refused The cached document stays in use.';
const UNAVAILABLE =
  'refused No cached document can be used, so requests that need the document get 503.';
const WELL = 'The metadata of https://auth.example.com can be fetched again.';

let warnings: jest.SpiedFunction<Logger['warn']>;
let debug: jest.SpiedFunction<Logger['debug']>;

beforeEach(() => {
  warnings = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  debug = jest.spyOn(Logger.prototype, 'debug').mockReturnValue(undefined);
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('OutageLog', () => {
  const refused = new Error('refused');

  it.each<[string, ('stale' | 'unavailable' | 'well')[], string[]]>([
    ['nothing while there is no outage', ['well', 'well'], []],
    ['the first failure', ['stale', 'stale', 'stale'], [STALE]],
    ['the end of an outage, once', ['stale', 'well', 'well'], [STALE, WELL]],
    [
      'that the cached document is too old',
      ['stale', 'stale', 'unavailable', 'unavailable'],
      [STALE, UNAVAILABLE],
    ],
    [
      'each new outage',
      ['unavailable', 'well', 'unavailable', 'well'],
      [UNAVAILABLE, WELL, UNAVAILABLE, WELL],
    ],
  ])('warns of %s', (_case, course, expected) => {
    const log = new OutageLog('The metadata of https://auth.example.com');
    for (const step of course) {
      if (step === 'well') {
        log.succeeded();
      } else {
        log.failed(refused, step === 'stale');
      }
    }
    expect(warnings.mock.calls.flat()).toEqual(expected);
  });

  it('logs further failures at debug', () => {
    const log = new OutageLog('The metadata of https://auth.example.com');
    log.failed(refused, true);
    expect(debug).not.toHaveBeenCalled();
    log.failed(new Error('timed out'), true);
    expect(debug.mock.calls.flat()).toEqual(['timed out']);
  });
});
