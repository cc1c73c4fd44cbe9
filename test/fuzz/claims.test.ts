import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidTokenError } from 'nestjs-mcp-auth';
import { createAuthInfo } from '../../lib/auth-info/create-auth-info.js';
import { assertClaims } from '../../lib/token/claim-checks.js';
import { readClaims } from '../../lib/token/read-claims.js';
import { resolveProtectedResource } from '../../lib/protected-resource/resolve-protected-resource.js';
import type { ClaimsPolicy } from '../../lib/token/claims-policy.js';
import { RESOURCE } from '../support/app.js';
import { jsonWith, nearlyObject } from './arbitraries.js';

const ISSUER = 'https://auth.example.com';
const NAMES = [
  ...[
    'iss',
    'sub',
    'aud',
    'exp',
    'nbf',
    'iat',
    'scope',
    'scp',
    'scopes',
    'client_id',
    'azp',
    'cid',
  ],
  ...['realm_access', 'roles', 'cnf', 'jti'],
];
const VALUES = [RESOURCE, 'read', 'read write', ['read'], ['read', 1], '', ' ', 'a\tb', 9e9, -1];
const any = jsonWith(NAMES, VALUES);
const oneOf = (...values: unknown[]) => fc.constantFrom(...values);

const claims = nearlyObject(
  {
    iss: fc.constant(ISSUER),
    sub: fc.constant('alice'),
    aud: oneOf(RESOURCE, [RESOURCE], ['a', RESOURCE]),
    exp: oneOf(9e9, 9e9 + 0.5),
    scope: oneOf('read write', ['read', 'write'], ''),
    client_id: fc.constant('client'),
    realm_access: nearlyObject({ roles: oneOf(['read'], 'read') }, NAMES),
  },
  NAMES,
);

const name = fc.oneof(fc.constantFrom(...NAMES, '__proto__', 'constructor'), fc.string());
const source = fc.oneof(name, fc.array(name, { minLength: 1, maxLength: 3 }));
const policy: fc.Arbitrary<ClaimsPolicy> = fc.oneof(
  fc.constant({}),
  fc.constant({ scopes: ['realm_access', 'roles'] }),
  fc.record({ scopes: source, clientId: source, subject: source }, { requiredKeys: [] }),
);
const resource = resolveProtectedResource({
  metadata: { resource: RESOURCE, authorizationServers: [ISSUER] },
});
const TOKEN = 'header.payload.signature';

const isString = (value: unknown) => typeof value === 'string';

describe('claims', () => {
  it('give an AuthInfo whose members have the right types, or the token is rejected', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof({ weight: 5, arbitrary: claims }, any), policy, (given, read) => {
        let caller;
        try {
          const verified = readClaims({ ...(given as object), iss: ISSUER }, read);
          assertClaims({ verified }, resource);
          caller = createAuthInfo(TOKEN, verified, resource);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidTokenError);
          return;
        }
        accepted++;
        const { scopes, subject, clientId, expiresAt, audience } = caller;
        expect(scopes.every(isString) && isString(clientId)).toBe(true);
        expect([true, undefined]).toContain(subject === undefined || isString(subject));
        expect(expiresAt === undefined || Number.isFinite(expiresAt)).toBe(true);
        expect([audience].flat()).toContain(RESOURCE);
        expect(Object.isFrozen(caller) && Object.isFrozen(caller.claims)).toBe(true);
        expect(caller.token).toBe(TOKEN);
        expect(JSON.stringify(caller) + inspect(caller, { depth: null })).not.toContain(TOKEN);
        expect(({} as Record<string, unknown>).roles).toBeUndefined();
      }),
    );
    expect(accepted).toBeGreaterThan(0);
  });

  it('grant no scope that they do not contain', () => {
    let granted = 0;
    fc.assert(
      fc.property(claims, policy, (given, read) => {
        const named = stringsIn({ ...given, iss: ISSUER }).flatMap((text) => [
          text,
          ...text.split(' '),
        ]);
        for (const scope of scopesOf(given, read)) {
          granted++;
          expect(named).toContain(scope);
        }
      }),
    );
    expect(granted).toBeGreaterThan(0);
  });
});

function scopesOf(given: object, read: ClaimsPolicy): readonly string[] {
  try {
    return readClaims({ ...given, iss: ISSUER }, read).scopes ?? [];
  } catch {
    return [];
  }
}

function stringsIn(value: unknown): string[] {
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(stringsIn)
    : typeof value === 'string'
      ? [value]
      : [];
}
