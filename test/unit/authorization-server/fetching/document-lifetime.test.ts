import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { documentLifetime } from '../../../../lib/authorization-server/fetching/document-lifetime.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

const lifetime = (cacheControl?: string, age?: string) =>
  documentLifetime({ 'cache-control': cacheControl, age });

describe('the lifetime of a document', () => {
  it.each<[string | undefined, string | undefined, number]>([
    [undefined, undefined, 10 * MINUTE],
    ['', undefined, 10 * MINUTE],
    ['public, must-revalidate', undefined, 10 * MINUTE],
    ['max-age=3600', undefined, 60 * MINUTE],
    ['public, max-age=3600, immutable', undefined, 60 * MINUTE],
    ['MAX-AGE=3600', undefined, 60 * MINUTE],
    ['max-age="3600"', undefined, 60 * MINUTE],
    ['max-age=3600', '600', 50 * MINUTE],
    ['max-age=3600', '7200', MINUTE],
    ['max-age=3600', '-600', 60 * MINUTE],
    ['max-age=3600', 'soon', 60 * MINUTE],
    [undefined, '300', 5 * MINUTE],
    ['max-age=5', undefined, MINUTE],
    ['max-age=0', undefined, MINUTE],
    ['max-age=99999999999999999999', undefined, DAY],
    ['max-age=31536000', undefined, DAY],
    ['no-store', undefined, MINUTE],
    ['no-cache', undefined, MINUTE],
    ['no-cache="set-cookie"', undefined, MINUTE],
    ['max-age=3600, no-cache', undefined, MINUTE],
    ['max-age=3600,max-age=600', undefined, 10 * MINUTE],
    ['max-age=-1', undefined, MINUTE],
    ['max-age=1e9', undefined, MINUTE],
    ['max-age', undefined, MINUTE],
    ['max-age=', undefined, MINUTE],
    ['s-maxage=3600', undefined, 10 * MINUTE],
    ['s-maxage=60, max-age=3600', undefined, 60 * MINUTE],
    ['x="no-store, max-age=60", max-age=3600', undefined, 60 * MINUTE],
    ['x-max-age=60, xno-store', undefined, 10 * MINUTE],
  ])('with Cache-Control %j and Age %j is %d ms', (cacheControl, age, expected) => {
    expect(lifetime(cacheControl, age)).toBe(expected);
  });

  const directive = fc.oneof(
    fc.constantFrom('max-age', 'no-cache', 'no-store', 's-maxage', 'private', '"', ',', '=', '\\'),
    fc.string(),
    fc.nat().map(String),
  );
  const header = fc.array(directive, { maxLength: 30 }).map((parts) => parts.join(''));

  it('is at least a minute and at most a day, whatever the headers are', () => {
    fc.assert(
      fc.property(fc.oneof(header, fc.string()), fc.string(), (cacheControl, age) => {
        const found = lifetime(cacheControl, age);
        expect(found).toBeGreaterThanOrEqual(MINUTE);
        expect(found).toBeLessThanOrEqual(DAY);
      }),
    );
  });

  it('is max-age minus Age, wherever the directive stands', () => {
    const token = fc.stringMatching(/^x-[a-z0-9]{0,8}(=([a-z0-9]+|"[a-z0-9 ,=]*"))?$/);
    const others = fc.array(token, { maxLength: 4 });
    fc.assert(
      fc.property(others, others, fc.nat(200_000), fc.nat(200_000), (before, after, age, old) => {
        const found = lifetime([...before, `max-age=${age}`, ...after].join(', '), String(old));
        expect(found).toBe(Math.min(DAY, Math.max(MINUTE, (age - old) * SECOND)));
      }),
    );
  });

  it('is computed in time linear in the length of the header', () => {
    const started = process.cpuUsage();
    for (const part of ['max-age=', '="', 'a="\\', 'a="', ' ', '\\"', 'no-cache']) {
      lifetime(part.repeat(16_384 / part.length));
    }
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(500);
  });
});
