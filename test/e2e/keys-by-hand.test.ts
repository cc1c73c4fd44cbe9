import { createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import {
  AuthorizationServerMetadataService,
  type AuthorizationServerOptions,
  type KeysByHand,
} from 'nestjs-mcp-auth';
import {
  adapters,
  bearer,
  RESOURCE,
  startApp,
  startFailure,
  stopApps,
  type AppOptions,
} from '../support/app.js';
import { Issuer } from '../support/issuer.js';

@Controller('notes')
class NotesController {
  @Get() list() {
    return [];
  }
}

let issuer: Issuer;
let jwk: JsonWebKey;
let pem: string;
let folder: string;

beforeAll(async () => {
  issuer = await Issuer.start();
  const published = (await (await fetch(`${issuer.url}/jwks`)).json()) as { keys: JsonWebKey[] };
  [jwk = {}] = published.keys;
  pem = pemOf(createPublicKey({ key: jwk, format: 'jwk' }), 'spki');
  folder = mkdtempSync(path.join(tmpdir(), 'keys-'));
  // From here on, the issuer refuses connections, so every fetch fails.
  await issuer.down();
});
afterEach(stopApps);
afterAll(() => rmSync(folder, { recursive: true }));

const options = (
  jwks: unknown,
  more: Partial<AuthorizationServerOptions & object> = {},
): AppOptions['options'] => ({
  protectedResources: {
    metadata: {
      resource: RESOURCE,
      authorizationServers: [{ issuer: issuer.url, jwks: jwks as KeysByHand, ...more } as never],
    },
  },
});

const forms: [string, () => unknown][] = [
  ['a JWK Set', () => ({ keys: [jwk] })],
  ['a JWK Set with a key for another purpose', () => ({ keys: [{ ...jwk, use: 'enc' }, jwk] })],
  [
    'a file',
    () => {
      const file = path.join(folder, 'keys.json');
      writeFileSync(file, JSON.stringify({ keys: [jwk] }));
      return { file };
    },
  ],
  ['PEM', () => [{ pem, alg: 'ES256' }]],
  ['PEM with a key id', () => [{ pem, alg: 'ES256', kid: issuer.kid }]],
];

describe.each(adapters)('keys given in the options, on %s', (adapter) => {
  const start = async (given: AppOptions['options']) => {
    const { app, url } = await startApp({
      adapter,
      options: given,
      controllers: [NotesController],
    });
    const status = async (token: string) => (await fetch(`${url}/notes`, bearer(token))).status;
    return { app, status };
  };

  it.each(forms)('verify tokens without any fetch: %s', async (_, make) => {
    const { status } = await start(options(make()));
    expect(await status(await issuer.mint({ audience: RESOURCE }))).toBe(200);
    const forger = await Issuer.start();
    const forged = await issuer.mint({ audience: RESOURCE, key: forger.privateKey });
    await forger.down();
    // The status is 401, not 503, because no newer keys are fetched.
    expect(await status(forged)).toBe(401);
    expect(await status(await issuer.mint({ audience: RESOURCE, header: { kid: 'other' } }))).toBe(
      _.startsWith('PEM') && !_.includes('id') ? 200 : 401,
    );
  });

  it('need no network at the start', async () => {
    const given = { ...options({ keys: [jwk] }), discovery: 'eager' as const };
    const { status } = await start(given);
    expect(await status(await issuer.mint({ audience: RESOURCE }))).toBe(200);
  });

  it('can be given together with metadata', async () => {
    const { app, status } = await start(
      options({ keys: [jwk] }, { issuer: undefined, metadata: { issuer: issuer.url } }),
    );
    expect(await status(await issuer.mint({ audience: RESOURCE }))).toBe(200);
    const metadata = await app.get(AuthorizationServerMetadataService).get(issuer.url);
    expect(metadata).toEqual({ issuer: issuer.url });
  });
});

const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
function pemOf(key: KeyObject, type: 'spki' | 'pkcs8'): string {
  return key.export({ format: 'pem', type } as never).toString();
}

describe('invalid keys in the options stop the start', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['a string', () => pem, /must be a JWK Set \(\{ keys: \[\.\.\.\] \}\), \{ file: "…" \}/],
    ['a single JWK', () => jwk, /must be a JWK Set/],
    ['null', () => null, /must be a JWK Set/],
    ['no keys', () => ({ keys: [] }), /holds no key that may verify a signature/],
    ['keys for encryption', () => ({ keys: [{ ...jwk, use: 'enc' }] }), /holds no key that may/],
    [
      'a symmetric key',
      () => ({ keys: [{ kty: 'oct', k: 'c2VjcmV0LXNlY3JldA', kid: 'hmac' }] }),
      /holds a key \(hmac\) that is private or symmetric/,
    ],
    ['a private key', () => ({ keys: [{ ...jwk, d: 'c2VjcmV0LXNlY3JldA' }] }), /private or symm/],
    [
      'a point that is not on the curve',
      () => ({ keys: [{ ...jwk, x: 'AAAA' }] }),
      /a key \(.*\) that is not a valid key/,
    ],
    ['a short RSA key', () => ({ keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }] }), /2048 to 8192/],
    ['a file that is missing', () => ({ file: '/nowhere/keys.json' }), /cannot be read \(ENOENT\)/],
    [
      'a file that is not JSON',
      () => {
        const file = path.join(folder, 'bad.json');
        writeFileSync(file, 'keys');
        return { file };
      },
      /bad\.json", which is not JSON/,
    ],
    ['PEM without an algorithm', () => [{ pem }], /needs "alg" at item 0, one of RS256, /],
    ['PEM with HMAC', () => [{ pem, alg: 'HS256' }], /needs "alg" at item 0/],
    ['PEM for another algorithm', () => [{ pem, alg: 'RS256' }], /\(EC P-256\) that cannot verify/],
    [
      'PEM of another curve',
      () => [{ pem, alg: 'ES384' }],
      /\(EC P-256\) that cannot verify ES384/,
    ],
    [
      'a private key in PEM',
      () => [{ pem: pemOf(rsa().privateKey, 'pkcs8'), alg: 'RS256' }],
      /needs "pem" at item 0, a public key/,
    ],
    [
      'malformed PEM',
      () => [{ pem: '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', alg: 'RS256' }],
      /has a "pem" at item 0 that cannot be read as a public key/,
    ],
    [
      'PEM with a numeric key id',
      () => [{ pem, alg: 'ES256', kid: 1 }],
      /a string as "kid" at item 0/,
    ],
  ])('%s', async (_, make, problem) => {
    const failure = await startFailure({ options: options(make()) });
    expect(failure?.message).toMatch(problem);
    expect(failure?.message).toContain('protectedResources.metadata.authorizationServers[0].jwks');
    expect(failure?.message).not.toMatch(/c2VjcmV0|MII|MFkw/);
  });
});
