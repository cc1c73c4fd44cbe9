import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { documentLifetime } from '../../lib/authorization-server/fetching/document-lifetime.js';
import { anyText, nearly } from './arbitraries.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const name = fc.constantFrom(
  ...['max-age', 'Max-Age', 's-maxage', 'no-store', 'no-cache', 'NO-CACHE', 'private'],
  ...['must-revalidate', 'stale-if-error', 'x-max-age', 'max-age-x'],
);
const argument = fc.oneof(
  fc.constantFrom(
    '',
    '="set-cookie"',
    '="a, no-store"',
    '="max-age=1"',
    '=soon',
    '=-1',
    '=1e9',
    '=""',
  ),
  fc.nat(200_000).map((seconds) => `=${seconds}`),
  fc.nat(200_000).map((seconds) => `="${seconds}"`),
);
const directives = fc.array(fc.tuple(name, argument), { maxLength: 5 });
const separator = fc.constantFrom(',', ', ', ' ,\t', ',,');

/** Returns the lifetime by RFC 9111, section 5.2.2, also for directives that conflict or are malformed. */
function expected(given: [string, string][], age: number): number {
  const named = (wanted: string) => given.filter(([found]) => found.toLowerCase() === wanted);
  if (named('no-store').length + named('no-cache').length > 0) {
    return MINUTE;
  }
  const ages = named('max-age').map(([, text]) => /^=(?:(\d+)|"(\d+)")$/.exec(text));
  const seconds = ages.map((found) => Number(found?.[1] ?? found?.[2] ?? 0));
  const stated = ages.length > 0 ? Math.min(...seconds) * 1000 : 10 * MINUTE;
  return Math.min(DAY, Math.max(MINUTE, stated - age * 1000));
}

describe('the lifetime of a document', () => {
  it('follows the directives of Cache-Control', () => {
    fc.assert(
      fc.property(directives, separator, fc.nat(100_000), (given, between, age) => {
        const header = given.map((directive) => directive.join('')).join(between);
        const found = documentLifetime({ 'cache-control': header, age: String(age) });
        expect(found).toBe(expected(given, age));
      }),
    );
  });

  it('is within bounds for any Cache-Control and Age', () => {
    const header = fc.oneof(
      anyText,
      nearly(directives.map((all) => all.map((one) => one.join('')).join(', '))),
    );
    fc.assert(
      fc.property(header, fc.oneof(anyText, fc.nat().map(String)), (cacheControl, age) => {
        const found = documentLifetime({ 'cache-control': cacheControl, age });
        expect(found >= MINUTE && found <= DAY).toBe(true);
      }),
    );
  });
});
