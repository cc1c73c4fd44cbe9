import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scopeTokenProblem } from '../../../lib/scope/scope-token.js';

describe('scopeTokenProblem', () => {
  it('accepts exactly the characters of RFC 6749', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
        const allowed = Array.from(text).every(
          (character) =>
            character > ' ' && character <= '~' && character !== '"' && character !== '\\',
        );
        return (scopeTokenProblem(text) === undefined) === allowed;
      }),
    );
    expect(scopeTokenProblem('')).toBeDefined();
    expect(scopeTokenProblem(5)).toBeDefined();
    expect(scopeTokenProblem(['read'])).toBeDefined();
  });
});
