import { validateHeaderValue } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Rejections } from '../../lib/challenge/rejections.js';
import {
  AccessDeniedException,
  DpopNonceRequiredException,
  TemporarilyUnavailableException,
  type BearerAuthException,
} from '../../lib/challenge/bearer-auth.exception.js';
import { errorDescription } from '../../lib/challenge/error-description.js';
import { challenge } from '../../lib/challenge/www-authenticate.js';
import {
  DpopNonceRequiredError,
  InvalidDpopProofError,
  type InvalidDpopProofReason,
} from '../../lib/errors/dpop-proof.error.js';
import {
  InvalidTokenError,
  type InvalidTokenReason,
} from '../../lib/errors/invalid-token.error.js';
import { InsufficientScopeError } from '../../lib/errors/insufficient-scope.error.js';
import { InvalidRequestError } from '../../lib/errors/invalid-request.error.js';
import { isB64Token } from '../../lib/token/token-grammar.js';
import { readCredentials } from '../support/read-credentials.js';
import { parseChallenges } from '../../lib/doctor/parse-challenges.js';
import { anyText, nearly, nearlyUrl, scope } from './arbitraries.js';

const text = fc.oneof(anyText, nearly(fc.constant('The access token is "malformed".')));
const scopes = fc.array(fc.oneof(scope, fc.constant('offline_access'), text), { maxLength: 5 });
const schemes = fc.record({
  bearer: fc.boolean(),
  dpop: fc.oneof(fc.constant(undefined), fc.array(fc.constantFrom('ES256', 'RS256', 'EdDSA'))),
});

// The compiler reports an error if a reason is missing here.
const INVALID_TOKEN_REASONS = {
  malformed: 1,
  algorithm: 1,
  type: 1,
  issuer: 1,
  signature: 1,
  expired: 1,
  not_yet_valid: 1,
  too_old: 1,
  audience: 1,
  claim: 1,
  confirmation: 1,
  possession: 1,
  transport: 1,
  unbound: 1,
  revoked: 1,
  rejected: 1,
} satisfies Record<InvalidTokenReason, 1>;
const INVALID_PROOF_REASONS = {
  missing: 1,
  several: 1,
  malformed: 1,
  type: 1,
  algorithm: 1,
  key: 1,
  signature: 1,
  method: 1,
  uri: 1,
  time: 1,
  token: 1,
  replayed: 1,
} satisfies Record<InvalidDpopProofReason, 1>;

/** Returns a text as it can be sent in a header. */
const asSent = (given: string) => given.replace(/[^\x20-\x7e]/g, ' ');

describe('the parser of challenges that these tests use', () => {
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
  ])('rejects %j', (value) => {
    expect(() => parseChallenges(value)).toThrow(SyntaxError);
  });

  it('reads several challenges', () => {
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
  it('matches the grammar and contains the given parameters, for any values', () => {
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
          error_description: all.errorDescription && errorDescription(all.errorDescription),
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

describe('a rejection', () => {
  it('has one challenge for each scheme, and the error in the scheme that was used', () => {
    const credentials = nearly(fc.constantFrom('Bearer x', 'DPoP x', 'Basic eDp5', ''));
    fc.assert(
      fc.property(
        schemes,
        credentials,
        scopes,
        nearlyUrl,
        text,
        (taken, used, needed, url, why) => {
          const rejections = new Rejections(url, needed, taken).answering(used);
          const invalid = Object.assign(new InvalidTokenError(), { message: why });
          const unproven = Object.assign(new InvalidDpopProofError('key'), { message: why });
          for (const { headers } of [
            rejections.missingToken(),
            rejections.invalidRequest(new InvalidRequestError(why)),
            rejections.invalidToken(invalid),
            rejections.invalidDpopProof(unproven),
            rejections.insufficientScope(new InsufficientScopeError(needed, [])),
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

describe('error_description', () => {
  /** The characters that RFC 6750, section 3, allows. */
  const ALLOWED = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/;
  const described = (rejection: BearerAuthException) => {
    const body = rejection.getResponse() as { error_description: string };
    const header = rejection.headers['WWW-Authenticate'];
    const inHeader = header === undefined ? [] : parseChallenges(header).map((one) => one.params);
    const texts = inHeader.flatMap((params) => params.get('error_description') ?? []);
    return [body.error_description, rejection.message, ...texts];
  };
  const expectAllowed = (rejection: BearerAuthException) => {
    for (const text of described(rejection)) {
      expect(text).toMatch(ALLOWED);
    }
  };
  const dpop = { bearer: true, dpop: ['ES256'] };
  const rejections = ['Bearer x', 'DPoP x'].map((used) =>
    new Rejections('https://api.example.com/"', ['a"b'], dpop).answering(used),
  );

  it.each(Object.keys(INVALID_TOKEN_REASONS) as InvalidTokenReason[])(
    'for the reason %s has only the characters of RFC 6750',
    (reason) => {
      rejections.forEach((rejection) => {
        expectAllowed(rejection.invalidToken(new InvalidTokenError(reason)));
      });
    },
  );

  it.each(Object.keys(INVALID_PROOF_REASONS) as InvalidDpopProofReason[])(
    'for the proof problem %s has only the characters of RFC 6750',
    (reason) => {
      rejections.forEach((rejection) => {
        expectAllowed(rejection.invalidDpopProof(new InvalidDpopProofError(reason)));
      });
    },
  );

  it('for the other rejections has only the characters of RFC 6750', () => {
    for (const rejection of rejections) {
      expectAllowed(rejection.missingToken());
      expectAllowed(rejection.insufficientScope(new InsufficientScopeError(['"'], ['"'])));
      expectAllowed(rejection.dpopNonceRequired(new DpopNonceRequiredError('"')));
    }
    expectAllowed(new TemporarilyUnavailableException(5, new Error('"')));
    expectAllowed(new DpopNonceRequiredException('a "nonce"', {}, '"'));
  });

  it('for any Authorization header has only the characters of RFC 6750', () => {
    const sent = fc.oneof(
      fc.constantFrom('Bearer', 'DPoP', 'Bearer "\\"', 'DPoP\tx', 'Bearer a,b', 'bearer  '),
      anyText.map((more) => `Bearer ${more}`),
    );
    fc.assert(
      fc.property(sent, (authorization) => {
        const headers = { authorization };
        const found = readCredentials({ headers }, 'accepted', isB64Token);
        if (found.kind === 'unreadable') {
          rejections.forEach((rejection) => {
            expectAllowed(rejection.invalidRequest(found.error));
          });
        }
      }),
    );
  });

  it('has only the characters of RFC 6750 for any text of a condition or of an error subclass', () => {
    fc.assert(
      fc.property(text, (reason) => {
        const denied = new AccessDeniedException(`"${reason}"`);
        expectAllowed(denied);
        const invalid = Object.assign(new InvalidTokenError(), { message: `\\${reason}` });
        rejections.forEach((rejection) => {
          expectAllowed(rejection.invalidToken(invalid));
        });
      }),
    );
  });

  it('stays readable when characters are replaced', () => {
    expect(errorDescription('Nur für "Eigentümer"\r\n – C:\\x')).toBe(
      "Nur fur 'Eigentumer'   - C:/x",
    );
  });
});
