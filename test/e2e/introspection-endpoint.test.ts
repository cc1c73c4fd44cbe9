import { generateKeyPairSync } from 'node:crypto';
import dns from 'node:dns/promises';
import { describe, expect, it, jest } from '@jest/globals';
import {
  AccessTokenVerifier,
  AuthorizationServerUnavailableError,
  ProtectedResourceRegistry,
  type IntrospectionOptions,
} from 'nestjs-mcp-auth';
import { exportJWK, importPKCS8, jwtVerify } from 'jose';
import { adapters, RESOURCE } from '../support/app.js';
import { badAnswers } from '../support/faults.js';
import { IntrospectedApp, introspecting } from '../support/introspected-app.js';
import { CLIENT } from '../support/introspection.js';
import { json } from '../support/issuer.js';

describe.each(adapters)('introspection, on %s', (adapter) => {
  const tested = IntrospectedApp.use(adapter);
  const { issuer, start, call, status } = tested;

  describe('authenticates itself to the endpoint', () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    const asked = async (introspection: Partial<IntrospectionOptions>) => {
      await start([{ issuer: issuer.url, introspection }]);
      expect(await status(tested.endpoint.issue(RESOURCE))).toBe(200);
      return tested.endpoint.calls[0] ?? fail();
    };

    it.each<[string, string, string]>([
      ['with plain characters', 'notes-api', 'a.secret_of-the*client'],
      ['with characters that must be encoded', 'notes api:ä', 'p@ss:w+rd %41&=ß/'],
    ])('by client_secret_basic, form-encoded, %s', async (_, clientId, clientSecret) => {
      const { headers, form } = await asked({ clientId, clientSecret });
      const [scheme, credentials = ''] = headers.authorization?.split(' ') ?? [];
      const parts = Buffer.from(credentials, 'base64').toString().split(':');
      const decoded = parts.map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
      expect([scheme, ...decoded]).toEqual(['Basic', clientId, clientSecret]);
      expect([form.has('client_id'), form.has('client_secret')]).toEqual([false, false]);
    });

    it('by client_secret_basic, with a space encoded as plus', async () => {
      const { headers } = await asked({ clientId: 'a b', clientSecret: 'c d' });
      expect(headers.authorization).toBe(`Basic ${Buffer.from('a+b:c+d').toString('base64')}`);
    });

    it('by client_secret_post', async () => {
      const { headers, form } = await asked({ ...CLIENT, method: 'client_secret_post' });
      expect(headers.authorization).toBeUndefined();
      expect([form.get('client_id'), form.get('client_secret')]).toEqual(Object.values(CLIENT));
    });

    it.each<[string, () => unknown]>([
      ['in PEM', () => ({ key: pem, alg: 'ES256', kid: 'k1' })],
      [
        'as a JWK',
        async () => ({ key: { ...(await exportJWK(pair.privateKey)), kid: 'k1', alg: 'ES256' } }),
      ],
      [
        'as a CryptoKey',
        async () => ({ key: await importPKCS8(pem, 'ES256'), alg: 'ES256', kid: 'k1' }),
      ],
      ['as a KeyObject', () => ({ key: pair.privateKey, alg: 'ES256', kid: 'k1' })],
    ])('by private_key_jwt, with the key %s', async (_, make) => {
      const privateKeyJwt = (await make()) as IntrospectionOptions['privateKeyJwt'];
      const { headers, form } = await asked({ clientId: 'notes-api', privateKeyJwt });
      const { payload, protectedHeader } = await jwtVerify(
        form.get('client_assertion') ?? '',
        pair.publicKey,
      );
      expect(headers.authorization).toBeUndefined();
      expect([form.get('client_id'), form.get('client_assertion_type')]).toEqual([
        'notes-api',
        'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      ]);
      expect(protectedHeader).toEqual({ alg: 'ES256', kid: 'k1' });
      expect(payload).toEqual({
        iss: 'notes-api',
        sub: 'notes-api',
        aud: issuer.url,
        jti: expect.any(String),
        iat: expect.any(Number),
        exp: (payload.iat ?? 0) + 60,
      });
    });

    it('by a new assertion for each request, for the required audience', async () => {
      const privateKeyJwt = { key: pem, alg: 'ES256', audience: 'urn:as' } as const;
      await asked({ clientId: 'notes-api', privateKeyJwt });
      await status(tested.endpoint.issue(RESOURCE));
      const assertions = await Promise.all(
        tested.endpoint.calls.map(async ({ form }) => {
          const { payload } = await jwtVerify(form.get('client_assertion') ?? '', pair.publicKey);
          return payload;
        }),
      );
      expect(new Set(assertions.map(({ jti }) => jti)).size).toBe(2);
      expect(assertions.map(({ aud }) => aud)).toEqual(['urn:as', 'urn:as']);
    });
  });

  describe('at an endpoint that', () => {
    const expectUnavailable = async (token: string) => {
      const response = await call(token);
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      expect(response.headers.get('www-authenticate')).toBeNull();
      expect(await response.json()).toEqual({
        error: 'temporarily_unavailable',
        error_description: 'The access token cannot be verified at the moment.',
      });
      expect(tested.logged).toHaveLength(1);
      expect(tested.logged[0]).toContain(
        `Introspection by the authorization server ${issuer.url} failed`,
      );
      expect(tested.logged[0]).not.toContain(token);
      expect(tested.logged[0]).not.toContain(CLIENT.clientSecret);
    };

    it.each(Object.entries(badAnswers))(
      '%s: answers 503, and 200 once it works again',
      async (_, answer) => {
        await start(undefined, {}, { fetchTimeout: 1000 });
        const token = tested.endpoint.issue(RESOURCE);
        tested.endpoint.fault = answer;
        await expectUnavailable(token);
        expect(issuer.count('elsewhere')).toBe(0);
        tested.endpoint.fault = undefined;
        expect(await status(token)).toBe(200);
      },
    );

    it.each<[string, unknown]>([
      ['answers without active', {}],
      ['answers active as a string', { active: 'true' }],
      ['answers active as a number', { active: 1 }],
      ['answers active: null', { active: null }],
      ['answers more than 100 kB', { active: true, padding: 'x'.repeat(100_000) }],
    ])('%s: answers 503', async (_, answer) => {
      await start();
      tested.endpoint.fault = (_request, response) => json(response, answer);
      await expectUnavailable(tested.endpoint.issue(RESOURCE));
    });

    it('refuses connections: answers 503', async () => {
      await start([introspecting(issuer, { endpoint: 'http://localhost:9/introspect' })]);
      await expectUnavailable(tested.endpoint.issue(RESOURCE));
    });

    it('rejects our credentials: answers 503, and the log says what to check', async () => {
      await start();
      tested.endpoint.fault = (_, response) => json(response, { error: 'invalid_client' }, 401);
      await expectUnavailable(tested.endpoint.issue(RESOURCE));
      expect(tested.logged[0]).toContain(
        'answered 401 instead of 200. Check introspection.clientId, its secret, key or certificate, and the endpoint.',
      );
    });

    it.each<[string, unknown]>([
      ['missing', undefined],
      ['a relative URL', '/introspect'],
      ['over http: beyond loopback', 'http://auth.example.com/introspect'],
      ['an object', {}],
    ])('is %s in the metadata: answers 503', async (_, introspection_endpoint) => {
      issuer.metadata = { introspection_endpoint };
      await start();
      await expectUnavailable(tested.endpoint.issue(RESOURCE));
      expect(tested.logged[0]).toContain('"introspection_endpoint"');
    });

    it('is at a nearer address than its issuer: answers 503 without sending the token', async () => {
      const real = dns.lookup.bind(dns) as (...args: unknown[]) => Promise<unknown>;
      jest
        .spyOn(dns, 'lookup')
        .mockImplementation((async (host: string, options: unknown) =>
          host === 'auth.example.com'
            ? [{ address: '93.184.215.14', family: 4 }]
            : real(host, options)) as never);
      const metadata = {
        issuer: 'https://auth.example.com',
        introspectionEndpoint: tested.endpoint.url,
      };
      await start([{ metadata, introspection: CLIENT }]);
      expect(await status(tested.endpoint.issue(RESOURCE))).toBe(503);
      expect(tested.endpoint.count).toBe(0);
      expect(tested.logged[0]).toContain('allowPrivateNetwork');
    });

    it('fails for one token after another: logs when the failures begin and when they end', async () => {
      await start();
      let elapsed = 0;
      const now = performance.now.bind(performance);
      jest.spyOn(performance, 'now').mockImplementation(() => now() + elapsed);
      tested.endpoint.fault = (_, response) => response.writeHead(500).end();
      await status(tested.endpoint.issue(RESOURCE));
      await status(tested.endpoint.issue(RESOURCE));
      expect(tested.logged).toHaveLength(1);
      tested.endpoint.fault = undefined;
      elapsed = 11_000;
      expect(await status(tested.endpoint.issue(RESOURCE))).toBe(200);
      expect(tested.logged.slice(1)).toEqual([
        `Introspection by the authorization server ${issuer.url} works again.`,
      ]);
    });

    it('would get more requests at a time than maxConcurrent: answers 503 with a short Retry-After to further requests', async () => {
      await start([introspecting(issuer, { maxConcurrent: 2 })]);
      let open: (value?: unknown) => void = () => undefined;
      tested.endpoint.gate = new Promise((resolve) => (open = resolve));
      const waiting = [tested.endpoint.issue(RESOURCE), tested.endpoint.issue(RESOURCE)].map(
        (token) => status(token),
      );
      await issuer.arrived('/introspect', 2);
      const refused = await call(tested.endpoint.issue(RESOURCE));
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
      open();
      expect(await Promise.all(waiting)).toEqual([200, 200]);
      expect(tested.endpoint.count).toBe(2);
      expect(await status(tested.endpoint.issue(RESOURCE))).toBe(200);
    });

    it('hangs while the application closes: is aborted without a log line', async () => {
      await start(undefined, {}, { fetchTimeout: 600_000 });
      tested.endpoint.gate = new Promise(() => undefined);
      const resource = tested.app.get(ProtectedResourceRegistry).get(RESOURCE) ?? fail();
      const outcome = tested.app
        .get(AccessTokenVerifier)
        .verify(tested.endpoint.issue(RESOURCE), resource);
      const refused = expect(outcome).rejects.toThrow(AuthorizationServerUnavailableError);
      await issuer.arrived('/introspect', 1);
      await tested.app.close();
      await refused;
      expect(tested.logged).toEqual([]);
    });
  });
});

function fail(): never {
  throw new Error('It is not there.');
}
