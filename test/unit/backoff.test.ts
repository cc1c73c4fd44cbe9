import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { backoff } from '../../lib/authorization-server/backoff.js';

describe('the pause after failures', () => {
  it('doubles from 5 seconds to 5 minutes', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 8, 2000].map((failures) => backoff(failures, () => 0));
    expect(pauses.map((pause) => pause / 1000)).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
  });

  it('is shortened at random by up to a half, and never more', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), random, (failures, chance) => {
        const longest = backoff(failures, () => 0);
        const pause = backoff(failures, () => chance);
        expect(pause).toBeLessThanOrEqual(longest);
        expect(pause).toBeGreaterThanOrEqual(longest / 2);
      }),
    );
  });

  it('differs from one instance to the next', () => {
    expect(new Set(Array.from({ length: 20 }, () => backoff(3))).size).toBeGreaterThan(10);
  });
});
