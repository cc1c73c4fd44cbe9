import { validateHeaderValue } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Challenges } from '../../lib/challenge/challenges.js';
import { challenge } from '../../lib/challenge/www-authenticate.js';
import { InvalidDpopProofError } from '../../lib/errors/dpop-proof.error.js';
import { InvalidTokenError } from '../../lib/errors/invalid-token.error.js';
import { parseChallenges } from '../support/rfc9110.js';
import { anyText, nearly, nearlyUrl, scope } from './arbitraries.js';

const text = fc.oneof(anyText, nearly(fc.constant('The access token is "malformed".')));
const scopes = fc.array(fc.oneof(scope, fc.constant('offline_access'), text), { maxLength: 5 });
const schemes = fc.record({
  bearer: fc.boolean(),
  dpop: fc.oneof(fc.constant(undefined), fc.array(fc.constantFrom('ES256', 'RS256', 'EdDSA'))),
});

/** As a text can be sent in a header, and so be read there. */
const asSent = (given: string) => given.replace(/[^\x20-\x7e]/g, ' ');

describe('the reader of the grammar', () => {
  it.each([
    '',
    'Bearer,',
    'Bearer realm',
    'Bearer a="b" c="d"',
    'Bearer a="b"c"',
    'Bearer a="b\\"',
    'Bearer a="b", a="c"',
    'Bearer a="é"',
    'Bearer a="b"\r\nX: y',
    'Bearer\ta="b"',
    ' Bearer a="b"',
  ])('does not take %j', (value) => {
    expect(() => parseChallenges(value)).toThrow(SyntaxError);
  });

  it('takes several challenges for what they are', () => {
    expect(parseChallenges('Bearer a="b,\\"c", d=e, DPoP, Basic realm="x"')).toEqual([
      {
        scheme: 'Bearer',
        params: new Map([
          ['a', 'b,"c'],
          ['d', 'e'],
        ]),
      },
      { scheme: 'DPoP', params: new Map() },
      { scheme: 'Basic', params: new Map([['realm', 'x']]) },
    ]);
  });
});

describe('a challenge', () => {
  it('is of the grammar, and holds what it was given, whatever that was', () => {
    const given = fc.record({
      error: fc.option(text, { nil: undefined }),
      errorDescription: fc.option(text, { nil: undefined }),
      resourceMetadata: fc.option(fc.oneof(nearlyUrl, text), { nil: undefined }),
      scope: scopes,
      algs: fc.array(text, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.constantFrom('Bearer' as const, 'DPoP' as const), given, (scheme, all) => {
        const value = challenge(scheme, all);
        validateHeaderValue('WWW-Authenticate', value);
        const named = {
          error: all.error,
          error_description: all.errorDescription,
          resource_metadata: all.resourceMetadata,
          scope: all.scope.filter((name) => name !== 'offline_access').join(' '),
          algs: all.algs.join(' '),
        };
        const params = Object.entries(named).filter(([, one]) => one);
        expect(parseChallenges(value)).toEqual([
          { scheme, params: new Map(params.map(([name, one = '']) => [name, asSent(one)])) },
        ]);
      }),
    );
  });
});

describe('a refusal', () => {
  it('has one challenge for each scheme, and what is wrong in the one that was used', () => {
    const credentials = nearly(fc.constantFrom('Bearer x', 'DPoP x', 'Basic eDp5', ''));
    fc.assert(
      fc.property(
        schemes,
        credentials,
        scopes,
        nearlyUrl,
        text,
        (taken, used, needed, url, why) => {
          const refusals = new Challenges(url, needed, taken).answering(used);
          const invalid = Object.assign(new InvalidTokenError(), { message: why });
          const unproven = Object.assign(new InvalidDpopProofError('key'), { message: why });
          for (const { headers } of [
            refusals.missingToken(),
            refusals.invalidRequest(why),
            refusals.invalidToken(invalid),
            refusals.invalidDpopProof(unproven),
            refusals.insufficientScope([]),
          ]) {
            const value = headers['WWW-Authenticate'] ?? '';
            validateHeaderValue('WWW-Authenticate', value);
            if (!taken.bearer && taken.dpop === undefined) {
              expect(value).toBe('');
              continue;
            }
            const challenges = parseChallenges(value);
            const expected = [taken.bearer ? 'Bearer' : [], taken.dpop ? 'DPoP' : []].flat();
            expect(challenges.map(({ scheme }) => scheme)).toEqual(expected);
            expect(challenges.filter(({ params }) => params.has('error')).length).toBeLessThan(2);
            for (const { params } of challenges) {
              expect(params.get('resource_metadata') ?? '').toBe(asSent(url));
              expect(params.get('scope') ?? '').not.toMatch(/^offline_access$/);
            }
          }
        },
      ),
    );
  });
});
