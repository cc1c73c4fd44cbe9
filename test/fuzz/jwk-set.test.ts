import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { McpAuthEvents } from '../../lib/events/mcp-auth-events.js';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { AuthorizationServerMetadataService, McpAuthError } from 'nestjs-mcp-auth';
import { AuthorizationServerRegistry } from '../../lib/authorization-server/authorization-server-registry.js';
import { JwkSetService } from '../../lib/authorization-server/jwk-set/jwk-set.service.js';
import { sortKeys } from '../../lib/token/signature-keys.js';
import { JwtTokenVerifier } from '../../lib/verification/jwt/jwt-token-verifier.js';
import { resolveProtectedResource } from '../../lib/protected-resource/resolve-protected-resource.js';
import { RESOURCE } from '../support/app.js';
import { Issuer } from '../support/issuer.js';
import { anyText, isObject, jsonWith, nearly } from './arbitraries.js';

const PAIRS = [
  generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  generateKeyPairSync('rsa', { modulusLength: 2048 }),
  generateKeyPairSync('rsa', { modulusLength: 1024 }),
  generateKeyPairSync('ed25519'),
  generateKeyPairSync('x25519'),
];
const KEYS = PAIRS.flatMap(({ publicKey, privateKey }) =>
  [publicKey, privateKey].map((key) => key.export({ format: 'jwk' })),
).concat([{ kty: 'oct', k: 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I' }]);

const MEMBERS = ['kty', 'kid', 'use', 'alg', 'crv', 'x', 'y', 'n', 'e', 'd', 'p', 'q', 'k'];
const OTHERS = ['key_ops', 'ext', 'oth', 'x5c', 'x5u', 'x5t#S256', 'dp', 'dq', 'qi'];
const ALGORITHMS = [
  'ES256',
  'ES512',
  'RS256',
  'PS256',
  'EdDSA',
  'Ed25519',
  'HS256',
  'none',
  'A256KW',
];
const WORDS = [...ALGORITHMS, 'EC', 'RSA', 'OKP', 'oct', 'P-256', 'sig', 'enc', 'AQAB', 'verify'];

const any = jsonWith([...MEMBERS, ...OTHERS], [...WORDS, ['verify'], ['sign']]);

/** A key in which some members are those of another key, have any value or are left out. */
const key = fc
  .tuple(
    fc.constantFrom(...KEYS),
    fc.constantFrom(...KEYS),
    fc.subarray(MEMBERS),
    fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, any),
    fc.subarray(MEMBERS, { maxLength: 2 }),
  )
  .map(([own, other, taken, beside, left]) => {
    const mixed: Record<string, unknown> = { ...own };
    if (taken.length < 3) {
      taken.forEach((name) => (mixed[name] = (other as Record<string, unknown>)[name]));
    }
    if (taken.length > 10) {
      left.forEach((name) => Reflect.deleteProperty(mixed, name));
    }
    return { ...mixed, ...(isObject(beside) ? beside : {}) };
  });
const keys = fc.array(fc.oneof({ weight: 5, arbitrary: key }, any), { maxLength: 6 });
const header = fc.record(
  {
    alg: fc.constantFrom(...ALGORITHMS),
    kid: fc.oneof(fc.constantFrom('0', ''), anyText),
    crit: any,
    jwk: any,
  },
  { requiredKeys: ['alg'] },
);

const fetched = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

describe('the keys of a JWK Set', () => {
  it('that are used are public, asymmetric signature keys with only the needed members', async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(keys, header, async (given, asked) => {
        const usable = sortKeys({ keys: fetched(given) as unknown[] }).usable;
        expect(usable.keys.length).toBeLessThanOrEqual(100);
        for (const one of usable.keys) {
          expect(['EC', 'OKP', 'RSA']).toContain(one.kty);
          for (const [name, value] of Object.entries(one)) {
            expect('kty kid use alg crv x y n e'.split(' ')).toContain(name);
            expect(typeof value).toBe('string');
          }
        }
        const set = createLocalJWKSet(usable);
        const cryptoKey = await set(asked as never).catch(() => undefined);
        if (cryptoKey !== undefined) {
          found++;
          expect(cryptoKey.type).toBe('public');
          expect(cryptoKey.usages).toEqual(['verify']);
        }
      }),
    );
    expect(found).toBeGreaterThan(0);
  });

  it('never contain private or symmetric members that the set published', () => {
    fc.assert(
      fc.property(keys, (given) => {
        const published = (fetched({ keys: given }) as JSONWebKeySet).keys;
        const used = JSON.stringify(sortKeys({ keys: published }).usable);
        for (const one of published.filter(isObject)) {
          const secret = one.d ?? one.k;
          if (typeof secret === 'string' && secret.length > 20) {
            expect(used).not.toContain(secret);
          }
        }
      }),
    );
  });
});

describe('a token of an issuer', () => {
  let issuer: Issuer;
  let token: string;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    issuer = await Issuer.start();
    token = await issuer.mint({ audience: RESOURCE });
  });

  afterAll(() => issuer.down());

  it('is accepted only if signed by a published key, for any JWK Set', async () => {
    const own = await issuer.publicJwk();
    const resource = {
      metadata: {
        resource: RESOURCE,
        authorizationServers: [{ metadata: { issuer: issuer.url, jwksUri: `${issuer.url}/fuzz` } }],
      },
    };
    const context = resolveProtectedResource(resource);
    const verify = async (body: string) => {
      issuer.answer('/fuzz', (_, response) => void response.end(Buffer.from(body)));
      const servers = new AuthorizationServerRegistry(
        { protectedResources: resource },
        new McpAuthEvents(),
      );
      const sets = new JwkSetService(new AuthorizationServerMetadataService(servers), servers);
      return new JwtTokenVerifier(servers, sets).verify(token, context);
    };
    const withOwn = fc
      .tuple(keys, fc.nat(6), fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, any))
      .map(([all, at, changes]) => all.toSpliced(at, 0, { ...own, ...(changes as object) }));
    const body = fc.oneof(
      { weight: 4, arbitrary: withOwn.map((all) => JSON.stringify({ keys: all })) },
      { weight: 2, arbitrary: nearly(withOwn.map((all) => JSON.stringify({ keys: all }))) },
      { weight: 1, arbitrary: any.map((value) => JSON.stringify({ keys: value })) },
      { weight: 1, arbitrary: any.map((value) => JSON.stringify(value)) },
    );
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(body, async (text) => {
        const outcome: unknown = await verify(text).catch((error: unknown) => error);
        if (outcome instanceof Error) {
          expect(outcome).toBeInstanceOf(McpAuthError);
        } else {
          accepted++;
          expect(text).toContain(own.x);
        }
      }),
    );
    expect(accepted).toBeGreaterThan(0);
  });
});
