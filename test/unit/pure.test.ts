import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deepFreeze } from '../../lib/auth-info/deep-freeze.js';

import { isB64Token } from '../../lib/token/token-grammar.js';
import { toCamelCase, toSnakeCase } from '../../lib/metadata/camel-case.js';
import { didYouMean } from '../../lib/options/validation/did-you-mean.js';
import { scopeTokenProblem } from '../../lib/scope/scope-token.js';
import { readCredentials } from '../support/read-credentials.js';

describe('names', () => {
  it('go from snake_case to camelCase and back', () => {
    const name = fc.stringMatching(/^[a-z]+(_[a-z][a-z0-9]*)*$/);
    fc.assert(fc.property(name, (snake) => toSnakeCase(toCamelCase(snake)) === snake));
  });
});

describe('didYouMean', () => {
  it.each([
    ['audiance', 'audience'],
    ['Audience', 'audience'],
    ['audienc', 'audience'],
    ['autdience', 'audience'],
    ['jtw', 'jwt'],
    ['something', undefined],
  ])('for %s is %s', (unknown, known) => {
    expect(didYouMean(unknown, ['audience', 'jwt', 'metadata'])).toBe(known);
  });

  it('is the closest of several', () => {
    expect(didYouMean('abcd', ['abxy', 'abcx'])).toBe('abcx');
  });
});

describe('deepFreeze', () => {
  it('freezes whatever JSON can hold', () => {
    fc.assert(
      fc.property(fc.object(), (value) => {
        const frozen = deepFreeze({ value: JSON.parse(JSON.stringify(value)) as unknown });
        expect(allFrozen(frozen)).toBe(true);
      }),
    );
  });

  it('is not brought down by depth', () => {
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

describe('scopeTokenProblem', () => {
  it('lets through the characters of RFC 6749, and no other', () => {
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

describe('credentials', () => {
  const read = (authorization: string) =>
    readCredentials({ headers: { authorization } }, 'off', isB64Token);

  it('gives only tokens of the grammar, whatever the header', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `Bearer ${text}`),
        ),
        (header) => {
          const credentials = read(header);
          return credentials.kind !== 'token' || /^[\w\-.~+/]+=*$/.test(credentials.token);
        },
      ),
    );
  });

  it('gives the token as it was sent', () => {
    const token = fc.stringMatching(/^[A-Za-z0-9\-._~+/]+=*$/);
    fc.assert(
      fc.property(token, (text) => {
        expect(read(`Bearer ${text}`)).toEqual({ kind: 'token', token: text, isDpop: false });
      }),
    );
  });

  it('takes time in proportion to the length of the header only', () => {
    const hostile = `Bearer ${'a'.repeat(100_000)}${'='.repeat(100_000)}!`;
    expect(read(hostile).kind).toBe('unreadable');
  });
});
