import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isB64Token } from '../../../lib/token/token-grammar.js';
import { readCredentials } from '../../support/read-credentials.js';

describe('readCredentials()', () => {
  const read = (authorization: string) =>
    readCredentials({ headers: { authorization } }, 'off', isB64Token);

  it('returns a token only if it matches the grammar, for any header', () => {
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

  it('returns the token unchanged', () => {
    const token = fc.stringMatching(/^[A-Za-z0-9\-._~+/]+=*$/);
    fc.assert(
      fc.property(token, (text) => {
        expect(read(`Bearer ${text}`)).toEqual({ kind: 'token', token: text, isDpop: false });
      }),
    );
  });

  it('rejects a hostile header in linear time', () => {
    const hostile = `Bearer ${'a'.repeat(100_000)}${'='.repeat(100_000)}!`;
    expect(read(hostile).kind).toBe('unreadable');
  });
});
