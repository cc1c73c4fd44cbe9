import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pauseAfter, Pauses, SHORT_PAUSES } from '../../../lib/async/pauses.js';

const LONG_PAUSES = { first: 5000, longest: 300_000 };

describe('pauses after failures', () => {
  it.each([
    ['from 1 to 4 seconds', SHORT_PAUSES, [1, 2, 4, 4, 4]],
    ['from 5 seconds to 5 minutes', LONG_PAUSES, [5, 10, 20, 40, 80, 160, 300, 300]],
  ])('double %s', (_, bounds, seconds) => {
    expect(seconds.map((__, index) => pauseAfter(index + 1, bounds, () => 0) / 1000)).toEqual(
      seconds,
    );
    expect(pauseAfter(2000, bounds, () => 0)).toBe(bounds.longest);
  });

  it('are shortened at random by up to a half, never lengthened, and never below a second', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const bounds = fc.constantFrom(SHORT_PAUSES, LONG_PAUSES);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), bounds, random, (failures, given, chance) => {
        const longest = pauseAfter(failures, given, () => 0);
        const pause = pauseAfter(failures, given, () => chance);
        expect(pause).toBeLessThanOrEqual(longest);
        expect(pause).toBeGreaterThanOrEqual(Math.max(1000, longest / 2));
      }),
    );
  });

  it('differ from one instance to the next', () => {
    const pauses = Array.from({ length: 20 }, () => pauseAfter(3, LONG_PAUSES));
    expect(new Set(pauses).size).toBeGreaterThan(10);
  });

  it('count one failure, however many attempts fail together', () => {
    const pauses = new Pauses({ first: 1000, longest: 300_000 });
    for (let index = 0; index < 100; index++) {
      pauses.fail(1);
    }
    expect(pauses.left(1)).toBe(1000);
    pauses.fail(1001);
    expect(pauses.left(1001)).toBeGreaterThanOrEqual(1000);
    expect(pauses.left(1001)).toBeLessThanOrEqual(2000);
    pauses.reset();
    expect([pauses.left(1001), pauses.isFailing]).toEqual([0, false]);
  });
});
