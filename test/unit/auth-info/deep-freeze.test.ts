import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deepFreeze } from '../../../lib/auth-info/deep-freeze.js';

describe('deepFreeze', () => {
  it('freezes any value that JSON can represent, at every depth', () => {
    fc.assert(
      fc.property(fc.object(), (value) => {
        const frozen = deepFreeze({ value: JSON.parse(JSON.stringify(value)) as unknown });
        expect(allFrozen(frozen)).toBe(true);
      }),
    );
  });

  it('freezes the values inside an object that is already frozen', () => {
    const inner = { list: [{ name: 'a' }] };
    const frozen = deepFreeze({ value: Object.freeze({ inner }) });
    expect(allFrozen(frozen)).toBe(true);
  });

  it('ends for an object that contains itself', () => {
    const value: Record<string, unknown> = {};
    value.self = [value];
    expect(Object.isFrozen(deepFreeze(value).self)).toBe(true);
  });

  it('does not overflow the stack for a value nested 100,000 deep', () => {
    let value: unknown = [];
    for (let depth = 0; depth < 100_000; depth++) {
      value = [value];
    }
    expect(() => deepFreeze({ value })).not.toThrow();
  });
});

function allFrozen(value: unknown): boolean {
  return (
    typeof value !== 'object' ||
    value === null ||
    (Object.isFrozen(value) && Object.values(value).every(allFrozen))
  );
}
