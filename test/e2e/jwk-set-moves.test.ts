import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { generateKeyPair, type JWK } from 'jose';
import { adapters, RESOURCE } from '../support/app.js';
import { badAnswers } from '../support/faults.js';
import { Issuer, json } from '../support/issuer.js';
import { serve } from '../support/serve.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

describe.each(adapters)('a JWK Set, on %s', (adapter) => {
  const server = serve(adapter, { per: 'test', module: { fetchTimeout: 500 } });
  const { issuer } = server;
  let elapsed: number;
  let failures: string[];
  let callers = 0;

  beforeEach(() => {
    elapsed = 0;
    failures = [];
    const now = performance.now.bind(performance);
    jest.spyOn(performance, 'now').mockImplementation(() => now() + elapsed);
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((text: string) => failures.push(text));
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  const call = async (options: Parameters<Issuer['mint']>[0] = {}) => {
    const claims = { sub: `user-${callers++}` };
    const token = await server.mint({ claims, ...options });
    return (await server.get('notes', token)).status;
  };

  const publishAt = (path: string) =>
    issuer.answer(path, (_, response) => {
      void issuer.publicJwk().then((key) => json(response, { keys: [key] }));
    });

  describe('that moves to another jwks_uri', () => {
    it.each([
      'answers 404',
      'answers 503',
      'closes without an answer',
      'hangs before its headers',
      'sends HTML with 200',
    ])('which %s: the old set is used until the new set is available', async (fault) => {
      issuer.headers = { 'cache-control': 'max-age=64800' };
      expect(await call()).toBe(200);
      issuer.metadata = { jwks_uri: `${issuer.url}/moved` };
      issuer.answer('/moved', badAnswers[fault]);
      elapsed += 19 * 60 * MINUTE;
      expect([await call(), await call()]).toEqual([200, 200]);
      expect(issuer.count('/moved')).toBe(1);
      await issuer.rotate();
      publishAt('/moved');
      elapsed += 4 * SECOND;
      expect(await call()).toBe(200);
    });

    it('by mistake: the old set is used, and new keys are accepted once the mistake is corrected', async () => {
      issuer.headers = { 'cache-control': 'max-age=64800' };
      expect(await call()).toBe(200);
      issuer.metadata = { jwks_uri: `${issuer.url}/nowhere` };
      elapsed += 19 * 60 * MINUTE;
      expect(await call()).toBe(200);
      issuer.metadata = {};
      await issuer.rotate();
      elapsed += 4 * SECOND;
      expect(await call()).toBe(200);
    });

    it('by mistake at the start: answers 503, and 200 once the mistake is corrected', async () => {
      issuer.headers = { 'cache-control': 'max-age=64800' };
      issuer.metadata = { jwks_uri: `${issuer.url}/nowhere` };
      expect(await call()).toBe(503);
      issuer.metadata = {};
      elapsed += 4 * SECOND;
      expect(await call()).toBe(200);
    });

    it('with another key: the key is accepted within one request, although the metadata is cached', async () => {
      expect(await call()).toBe(200);
      await issuer.rotate();
      issuer.answer('/jwks', badAnswers['answers 404']);
      publishAt('/moved');
      issuer.metadata = { jwks_uri: `${issuer.url}/moved` };
      elapsed += 2 * SECOND;
      expect(await call()).toBe(200);
    });
  });

  describe('without a jwks_uri in the metadata', () => {
    it('for a while: the old set is used and refreshed', async () => {
      expect(await call()).toBe(200);
      issuer.metadata = { jwks_uri: undefined };
      elapsed += 11 * MINUTE;
      expect(await call()).toBe(200);
      await issuer.rotate();
      elapsed += 4 * SECOND;
      expect(await call()).toBe(200);
      expect(failures.join()).toContain('no longer has "jwks_uri"');
    });

    it('at the start: answers 503 with the remedy in the log, and 200 once there is a jwks_uri', async () => {
      issuer.metadata = { jwks_uri: undefined };
      expect(await call()).toBe(503);
      expect(failures.join()).toMatch(/publishes no JWK Set \(jwks_uri\).*transformMetadata/);
      issuer.metadata = {};
      elapsed += 4 * SECOND;
      expect(await call()).toBe(200);
    });
  });

  describe('whose keys change under the same key id', () => {
    it.each<[string, Record<string, unknown>]>([
      ['the same kid', {}],
      ['no kid', { kid: undefined }],
    ])(
      'accepts new tokens with %s within one request, and rejects the old tokens',
      async (_, header) => {
        const old = await issuer.mint({ audience: RESOURCE, header });
        expect(await call({ header })).toBe(200);
        expect((await server.get('notes', old)).status).toBe(200);
        await issuer.rotate(issuer.kid);
        expect(await call({ header })).toBe(200);
        expect((await server.get('notes', old)).status).toBe(401);
        await issuer.rotate(issuer.kid);
        elapsed += 31 * SECOND;
        const [one, other] = [call({ header }), call({ header })];
        expect(await Promise.all([one, other])).toEqual([200, 200]);
      },
    );

    it('is fetched twice in 30 seconds for forged signatures, and still for an unknown kid', async () => {
      const { privateKey: key } = await generateKeyPair('ES256');
      expect(await call()).toBe(200);
      for (let index = 0; index < 10; index++) {
        expect(await call({ key })).toBe(401);
      }
      expect(issuer.count('/jwks')).toBe(3);
      await issuer.rotate();
      expect(await call()).toBe(200);
      await issuer.rotate();
      expect(await call()).toBe(200);
    });

    it('cannot be fetched: a forged signature is still answered 401', async () => {
      const { privateKey: key } = await generateKeyPair('ES256');
      expect(await call()).toBe(200);
      await issuer.down();
      expect([await call({ key }), await call({ key })]).toEqual([401, 401]);
    });
  });

  describe('with some unusable keys', () => {
    let warnings: string[];

    beforeEach(() => {
      warnings = [];
      jest.spyOn(Logger.prototype, 'warn').mockImplementation((text: string) => {
        warnings.push(text);
      });
    });

    const publish = (keysOf: (key: JWK) => unknown[]) => {
      issuer.answer('/jwks', (_, response) => {
        void issuer.publicJwk().then((key) => json(response, { keys: keysOf(key) }));
      });
    };

    it('treats members that are null as absent', async () => {
      publish((key) => [{ ...key, kid: null, use: null, alg: null, key_ops: null, x5c: null }]);
      expect(await call({ header: { kid: undefined } })).toBe(200);
      expect(warnings).toEqual([]);
    });

    it.each<[string, (key: JWK) => unknown[], RegExp]>([
      [
        'a symmetric key',
        (key) => [key, { kty: 'oct', kid: 'shared', k: 'c2VjcmV0' }],
        /"shared" is private or symmetric/,
      ],
      [
        'a wrong key',
        (key) => [key, { ...key, kid: 'odd', use: 1 }],
        /"odd" has a "use" that is not a string/,
      ],
      [
        'more than a hundred keys',
        (key) =>
          Array.from({ length: 101 }, (_, at) => (at === 0 ? key : { ...key, kid: `${at}` })),
        /"100" comes after 100 other keys/,
      ],
    ])('logs once which key is left out, and why: %s', async (_, keysOf, expected) => {
      publish(keysOf);
      expect(await call()).toBe(200);
      elapsed += 11 * MINUTE;
      expect(await call()).toBe(200);
      expect(issuer.count('/jwks')).toBe(2);
      expect(warnings).toEqual([expect.stringMatching(expected)]);
    });

    it('logs that no usable key is left, so that every token is rejected', async () => {
      publish((key) => [{ ...key, use: 'enc' }]);
      expect(await call()).toBe(401);
      expect(warnings).toEqual([expect.stringContaining('No key is left')]);
    });
  });

  it.each(['application/json', 'application/jwk-set+json'])(
    'is fetched from a server that serves only %s',
    async (type) => {
      issuer.answer('/jwks', ({ headers }, response) => {
        const types = headers.accept?.split(/, ?/) ?? [];
        const accepted = types.includes(type);
        void issuer
          .publicJwk()
          .then((key) => json(response, { keys: [key] }, accepted ? 200 : 406));
      });
      expect(await call()).toBe(200);
    },
  );
});
