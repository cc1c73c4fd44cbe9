import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { JWK } from 'jose';
import { adapters, RESOURCE } from '../support/app.js';
import { json } from '../support/issuer.js';
import { serve } from '../support/serve.js';

interface Key {
  privateKey: KeyObject;
  jwk: JWK;
}

function ec(kid: string, more: Record<string, unknown> = {}): Key {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, ...more } as JWK;
  return { privateKey, jwk };
}

function rsa(kid: string, modulusLength: number): Key {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  return { privateKey, jwk: { ...(publicKey.export({ format: 'jwk' }) as JWK), kid } };
}

describe.each(adapters)('the JWK Set, on %s', (adapter) => {
  const server = serve(adapter, { per: 'test' });
  const { issuer } = server;

  beforeEach(async () => {
    jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  const publish = (...keys: unknown[]) =>
    issuer.answer('/jwks', (_, response) => json(response, { keys }));

  /** Returns the status of a request with a token that this key signed. */
  async function statusOf({ privateKey, jwk: { kid } }: Key, sub = 'alice'): Promise<number> {
    const isRsa = privateKey.asymmetricKeyType === 'rsa';
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer.url, aud: RESOURCE, sub, iat: now, exp: now + 300 };
    const header = { alg: isRsa ? 'RS256' : 'ES256', typ: 'at+jwt', kid };
    const input = [header, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const signature = sign('sha256', Buffer.from(input), {
      key: privateKey,
      dsaEncoding: 'ieee-p1363',
    });
    const token = `${input}.${signature.toString('base64url')}`;
    return (await server.get('notes', token)).status;
  }

  const right: [string, () => Key][] = [
    ['an EC key', () => ec('k')],
    ['an RSA key of 2048 bits', () => rsa('k', 2048)],
    ['a key with use and key_ops', () => ec('k', { use: 'sig', key_ops: ['verify'] })],
    ['a key with members that are ignored', () => ec('k', { x5c: [['']], oth: {} })],
  ];
  it.each(right)('with %s: accepts the token that it signed', async (_, make) => {
    const key = make();
    publish(key.jwk);
    expect(await statusOf(key)).toBe(200);
  });

  const wrong: [string, () => Key][] = [
    ['is private', () => ec('k', { d: 'c2VjcmV0' })],
    ['is for encryption', () => ec('k', { use: 'enc' })],
    ['is for other operations', () => ec('k', { key_ops: ['deriveKey'] })],
    ['has operations that are not an array', () => ec('k', { key_ops: 'verify' })],
    ['is of an unknown type', () => ec('k', { kty: 'ECX' })],
    ['is symmetric', () => ec('k', { kty: 'oct', k: 'c2VjcmV0' })],
    ['is an RSA key of 1024 bits', () => rsa('k', 1024)],
    [
      'is an RSA key of 1024 bits with zeros before it',
      () => {
        const key = rsa('k', 1024);
        const modulus = Buffer.from(key.jwk.n ?? '', 'base64url');
        key.jwk.n = Buffer.concat([Buffer.alloc(128), modulus]).toString('base64url');
        return key;
      },
    ],
    ['has a kid of another type', () => ec('k', { kid: ['k'] })],
    ['has a member of another type', () => ec('k', { x: { toString: 'x' } })],
    ['is for another algorithm', () => ec('k', { alg: 'ES384' })],
  ];
  it.each(wrong)('with a key that %s: rejects the token that it signed', async (_, make) => {
    const good = ec('good');
    const bad = make();
    publish(bad.jwk, good.jwk);
    expect(await statusOf({ ...bad, jwk: { kid: 'k' } })).toBe(401);
    expect(await statusOf(good)).toBe(200);
  });

  it('with several keys of the same kid: accepts a token signed by any of these keys', async () => {
    const keys = [ec('k'), ec('k'), rsa('k', 2048), ec('k')];
    publish(...keys.map(({ jwk }) => jwk));
    for (const key of keys) {
      expect(await statusOf(key)).toBe(200);
    }
    expect(await statusOf(ec('k'))).toBe(401);
  });

  it('with a thousand keys of the same kid: verifies in bounded time', async () => {
    const { jwk } = ec('k');
    publish(...Array.from({ length: 1000 }, () => jwk));
    const started = process.cpuUsage();
    expect(await statusOf(ec('k'))).toBe(401);
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(500);
  });

  it('with a thousand unusable keys before a usable key: finds the usable key', async () => {
    const good = ec('good');
    publish(...Array.from({ length: 1000 }, () => ({ kty: 'oct', k: 'x' })), good.jwk);
    expect(await statusOf(good)).toBe(200);
  });

  it('without a key that it had before: rejects its tokens from the next fetch on', async () => {
    const [first, second] = [ec('first'), ec('second')];
    publish(first.jwk);
    expect(await statusOf(first)).toBe(200);
    publish(second.jwk);
    expect(await statusOf(second)).toBe(200);
    expect(await statusOf(first)).toBe(401);
    expect(await statusOf(first, 'bob')).toBe(401);
  });
});
