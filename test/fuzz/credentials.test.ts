import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isB64Token, isOpaqueToken } from '../../lib/token/token-grammar.js';
import { readCredentials } from '../support/read-credentials.js';
import { anyText, nearly } from './arbitraries.js';

const read = (
  authorization: string | undefined,
  mode: 'off' | 'accepted' | 'required',
  isToken = isB64Token,
) => readCredentials({ headers: { authorization } }, mode, isToken);

/**
 * Reads a header one character at a time, by RFC 6750, section 2.1, RFC 9449, section 7.1, and RFC 6749,
 * appendix A.12.
 */
function readBySpecification(header: string, isDpopTaken: boolean, mayBeOpaque: boolean) {
  const scheme = /^[A-Za-z]*/.exec(header)?.[0].toLowerCase() ?? '';
  const rest = header.slice(scheme.length);
  const isOurs = scheme === 'bearer' || (scheme === 'dpop' && isDpopTaken);
  if (!isOurs || (rest !== '' && !rest.startsWith(' ') && !rest.startsWith('\t'))) {
    return 'none';
  }
  let at = 0;
  while (rest[at] === ' ') at++;
  const token = rest.slice(at);
  const padding = token.indexOf('=');
  const body = padding === -1 ? token : token.slice(0, padding);
  const tail = padding === -1 ? '' : token.slice(padding);
  const isToken =
    body !== '' &&
    [...body].every((one) => /^[A-Za-z0-9]$/.test(one) || '-._~+/'.includes(one)) &&
    [...tail].every((one) => one === '=');
  const isOpaque =
    token !== '' && [...token].every((one) => one > ' ' && one <= '~' && one !== ',');
  return isToken || (mayBeOpaque && isOpaque) ? token : 'unreadable';
}

const token = fc.stringMatching(/^[A-Za-z0-9\-._~+/]{1,20}={0,2}$/);
const header = nearly(
  fc
    .tuple(fc.constantFrom('Bearer', 'bearer', 'BEARER', 'DPoP', 'dpop', 'Basic', ''), token)
    .map(([scheme, value]) => `${scheme} ${value}`),
);
const mode = fc.constantFrom('off' as const, 'accepted' as const, 'required' as const);

describe('readCredentials()', () => {
  it('returns what the grammar says, for any header', () => {
    fc.assert(
      fc.property(fc.oneof(header, anyText), mode, fc.boolean(), (sent, taken, mayBeOpaque) => {
        const found = read(sent, taken, mayBeOpaque ? isOpaqueToken : isB64Token);
        const expected = readBySpecification(sent, taken !== 'off', mayBeOpaque);
        expect(found.kind === 'token' ? found.token : found.kind).toBe(expected);
        if (found.kind === 'token') {
          expect(found.isDpop).toBe(/^dpop/i.test(sent));
        }
        if (found.kind === 'unreadable') {
          // The message contains no part of the header, which could be most of a token.
          expect(found.error.message).toMatch(
            /^The request holds (?:no token after the scheme (?:Bearer|DPoP)|more than one token, or one with characters that no token has)\.$/,
          );
        }
      }),
    );
  });

  it('rejects two credentials in one request, however the header is written', () => {
    const name = fc.constantFrom(
      'Authorization',
      'authorization',
      'AUTHORIZATION',
      'aUTHORIZATION',
    );
    const other = fc.tuple(fc.constantFrom('Host', 'Cookie', 'X-Authorization', ''), anyText);
    const fields = fc.array(fc.oneof(fc.tuple(name, header), other), { maxLength: 8 });
    fc.assert(
      fc.property(fields, (all) => {
        const ours = all.filter(([field]) => field.toLowerCase() === 'authorization');
        const request = {
          headers: { authorization: ours[0]?.[1] },
          rawHeaders: all.flat(),
        };
        const found = readCredentials(request, 'accepted', isB64Token);
        if (ours.length > 1) {
          expect(found).toMatchObject({ kind: 'unreadable' });
        } else {
          expect(found).toEqual(read(ours[0]?.[1], 'accepted'));
        }
      }),
    );
  });
});
