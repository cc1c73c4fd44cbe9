import { generateKeyPairSync } from 'node:crypto';
import dns from 'node:dns/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, Logger, type INestApplication } from '@nestjs/common';
import {
  AccessTokenVerifier,
  AuthInfo,
  AuthorizationServerUnavailableError,
  IntrospectionTokenVerifier,
  InvalidTokenError,
  type InvalidTokenReason,
  ProtectedResourceRegistry,
  RequireScopes,
  Resource,
  type AuthorizationServerOptions,
  type IntrospectionOptions,
  type McpAuthModuleOptions,
  type ProtectedResourceOptions,
} from 'nestjs-mcp-auth';
import { exportJWK, importPKCS8, jwtVerify } from 'jose';
import { adapters, bearer, RESOURCE, startApp, stopApps } from '../support/app.js';
import { DpopKey } from '../support/dpop/key.js';
import { badAnswers } from '../support/faults.js';
import { CLIENT, IntrospectionEndpoint } from '../support/introspection.js';
import { Issuer, json } from '../support/issuer.js';

const TASKS = 'https://api.example.com/tasks';

@Controller('notes')
@Resource(RESOURCE)
class NotesController {
  @Get() get(@AuthInfo() { issuer, subject, clientId, scopes, expiresAt, claims }: AuthInfo) {
    return { issuer, subject, clientId, scopes, expiresAt: expiresAt ?? null, claims };
  }

  @Get('admin') @RequireScopes('admin') admin() {
    return {};
  }
}

@Controller('tasks')
@Resource(TASKS)
class TasksController {
  @Get() get() {
    return {};
  }
}

let issuer: Issuer;
let endpoint: IntrospectionEndpoint;
let others: Issuer[];
let logged: string[];

beforeEach(async () => {
  logged = [];
  others = [];
  jest.spyOn(Logger.prototype, 'error').mockImplementation((text: string) => logged.push(text));
  issuer = await Issuer.start();
  endpoint = new IntrospectionEndpoint(issuer);
});

afterEach(async () => {
  jest.restoreAllMocks();
  jest.useRealTimers();
  await stopApps();
  await Promise.all([issuer, ...others].map((server) => server.down()));
});

const another = async () => {
  const server = await Issuer.start();
  others.push(server);
  return { server, endpoint: new IntrospectionEndpoint(server) };
};

const introspecting = (
  { url }: Issuer,
  more: Partial<IntrospectionOptions> = {},
): AuthorizationServerOptions => ({ issuer: url, introspection: { ...CLIENT, ...more } });

const DPOP = { token_type: 'DPoP' };
const TOLERANT = { jwt: { clockTolerance: 600 } };
const YOUNG = { jwt: { maxTokenAge: 600 } };
const TENANT = { jwt: { requiredClaims: ['tenant'] } };

const seconds = () => Math.floor(Date.now() / 1000);

const description = {
  issuer: 'The access token was issued by an authorization server that is not trusted.',
  audience: 'The access token is not meant for this resource.',
  expired: 'The access token expired.',
  notYet: 'The access token is not valid yet.',
  tooOld: 'The access token was issued too long ago.',
  claim: 'A claim of the access token is missing or malformed.',
  type: 'The access token is of a type that is not accepted.',
  confirmation: 'The access token is bound in a way that this resource cannot check.',
  possession: 'The access token is bound to a key, which the request does not prove possession of.',
  rejected: 'The access token is not valid.',
};

describe.each(adapters)('introspection, on %s', (adapter) => {
  let url: string;
  let app: INestApplication;

  const start = async (
    servers: AuthorizationServerOptions[] = [introspecting(issuer)],
    resource: Partial<ProtectedResourceOptions> = {},
    module: Partial<McpAuthModuleOptions> = {},
  ) => {
    const protectedResources = {
      metadata: { resource: RESOURCE, authorizationServers: servers },
      ...resource,
    };
    const options = { protectedResources, ...module };
    ({ url, app } = await startApp({ adapter, options, controllers: [NotesController] }));
  };
  const call = (token: string, path = '/notes') => fetch(url + path, bearer(token));
  const status = async (token: string, path?: string) => (await call(token, path)).status;

  describe('of a token that is active', () => {
    it('says who is calling', async () => {
      await start();
      const exp = seconds() + 60;
      const response = await call(endpoint.issue(RESOURCE, { exp, tenant: 't1' }));
      expect(await response.json()).toMatchObject({
        issuer: issuer.url,
        subject: 'alice',
        clientId: 'client-1',
        scopes: ['read:notes'],
        expiresAt: exp,
        claims: { tenant: 't1', aud: RESOURCE },
      });
    });

    it('leaves its scopes to the handler', async () => {
      await start();
      expect(await status(endpoint.issue(RESOURCE, { scope: 'admin' }), '/notes/admin')).toBe(200);
      expect(await status(endpoint.issue(RESOURCE), '/notes/admin')).toBe(403);
    });

    it('reads its claims as those of a JWT', async () => {
      await start([introspecting(issuer)], { claims: { scopes: ['roles', 'list'] } });
      const token = endpoint.issue(RESOURCE, { roles: { list: ['admin'] } });
      expect(await status(token, '/notes/admin')).toBe(200);
    });

    it.each<
      [string, Record<string, unknown>, string | undefined, Partial<ProtectedResourceOptions>?]
    >([
      ['no issuer, which is then that of the server asked', { iss: undefined }, undefined],
      ['an issuer that is null, as if absent', { iss: null }, undefined],
      ['another issuer', { iss: 'https://evil.example.com' }, description.issuer],
      ['an issuer that is no string', { iss: {} }, description.issuer],
      ['this audience among several', { aud: ['https://other.example.com', RESOURCE] }, undefined],
      ['another audience', { aud: 'https://other.example.com' }, description.audience],
      ['no audience', { aud: undefined }, description.audience],
      ['an audience that is null', { aud: null }, description.audience],
      ['an audience that is an object', { aud: { 0: RESOURCE } }, description.audience],
      [
        'no audience, which is not looked at',
        { aud: undefined },
        undefined,
        { dangerouslySkipAudienceCheck: true },
      ],
      [
        'an audience that is an object, which is not compared',
        { aud: {} },
        description.audience,
        { dangerouslySkipAudienceCheck: true },
      ],
      ['no expiry', { exp: undefined }, undefined],
      ['an expiry that is past', { exp: 1 }, description.expired],
      ['an expiry within the clock tolerance', { exp: seconds() - 2 }, undefined, TOLERANT],
      ['an expiry that is a string', { exp: '99999999999' }, description.claim],
      ['a beginning that is past', { nbf: 1 }, undefined],
      ['a beginning in the future', { nbf: seconds() + 3600 }, description.notYet],
      ['a beginning that is a string', { nbf: 'now' }, description.claim],
      ['an issuance in the future', { iat: seconds() + 3600 }, description.notYet],
      ['an issuance that is an object', { iat: {} }, description.claim],
      ['no issuance', { iat: undefined }, undefined],
      ['no issuance, with maxTokenAge', { iat: undefined }, description.claim, YOUNG],
      ['an issuance too long ago', { iat: 1 }, description.tooOld, YOUNG],
      ['an issuance just now', {}, undefined, YOUNG],
      ['no required claim', {}, description.claim, { jwt: { requiredClaims: ['tenant'] } }],
      ['a required claim that is null', { tenant: null }, description.claim, TENANT],
      ['a required claim', { tenant: 't1' }, undefined, TENANT],
      ['a scope that is a number', { scope: 1 }, description.claim],
      ['a subject that is an object', { sub: {} }, description.claim],
      ['the type of a DPoP-bound access token, but no key', DPOP, description.confirmation],
      ['a key, but no proof', { ...DPOP, cnf: { jkt: 'x'.repeat(43) } }, description.possession],
      ['a binding that nobody knows', { cnf: { kid: 'x' } }, description.confirmation],
      ['the type of a refresh token', { token_type: 'refresh_token' }, description.type],
      ['the use of a refresh token', { token_use: 'refresh_token' }, description.type],
      ['the use of an ID token', { token_use: 'id' }, description.type],
      ['a type that is an object', { token_type: {} }, description.type],
      ['no type', { token_type: undefined }, undefined],
      ['not active', { active: false }, description.rejected],
    ])('has %s', async (_, claims, refusal, resource = {}) => {
      await start([introspecting(issuer)], resource);
      const response = await call(endpoint.issue(RESOURCE, claims));
      expect(response.status).toBe(refusal === undefined ? 200 : 401);
      if (refusal !== undefined) {
        expect(await response.json()).toEqual({
          error: 'invalid_token',
          error_description: refusal,
        });
      }
    });

    it('is sent as it came, in a form, and not in the URL', async () => {
      await start();
      const token = endpoint.issue(RESOURCE, {}, 'a+b/c~d.e_f-g==');
      expect(await status(token)).toBe(200);
      const [{ headers, form } = fail()] = endpoint.calls;
      expect(Object.fromEntries(form)).toEqual({ token, token_type_hint: 'access_token' });
      expect(headers).toMatchObject({
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      });
      expect(issuer.requests.join()).not.toContain('token');
    });

    it('is not sent if it is longer than any token is', async () => {
      await start();
      const verify = app.get(AccessTokenVerifier);
      const resource = app.get(ProtectedResourceRegistry).get(RESOURCE) ?? fail();
      const token = 'x'.repeat(16_385);
      await expect(verify.verify(token, resource)).rejects.toThrow(
        new InvalidTokenError('malformed'),
      );
      expect(endpoint.count).toBe(0);
    });

    it('is asked about where the options say', async () => {
      const elsewhere = new IntrospectionEndpoint(issuer, '/elsewhere');
      issuer.metadata = { introspection_endpoint: endpoint.url };
      await start([introspecting(issuer, { endpoint: elsewhere.url })]);
      expect(await status(elsewhere.issue(RESOURCE))).toBe(200);
      expect(endpoint.count).toBe(0);
    });

    it('is asked about where known metadata says', async () => {
      const metadata = { issuer: issuer.url, introspectionEndpoint: endpoint.url };
      await start([{ metadata, introspection: CLIENT }]);
      expect(await status(endpoint.issue(RESOURCE))).toBe(200);
      expect(issuer.requests).toEqual(['/introspect']);
    });
  });

  describe('shows who is asking', () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    const asked = async (introspection: Partial<IntrospectionOptions>) => {
      await start([{ issuer: issuer.url, introspection: introspection as IntrospectionOptions }]);
      expect(await status(endpoint.issue(RESOURCE))).toBe(200);
      return endpoint.calls[0] ?? fail();
    };

    it.each<[string, string, string]>([
      ['with plain characters', 'notes-api', 'a.secret_of-the*client'],
      ['with others', 'notes api:ä', 'p@ss:w+rd %41&=ß/'],
    ])('by client_secret_basic, form-encoded, %s', async (_, clientId, clientSecret) => {
      const { headers, form } = await asked({ clientId, clientSecret });
      const [scheme, credentials = ''] = headers.authorization?.split(' ') ?? [];
      const parts = Buffer.from(credentials, 'base64').toString().split(':');
      const decoded = parts.map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
      expect([scheme, ...decoded]).toEqual(['Basic', clientId, clientSecret]);
      expect([form.has('client_id'), form.has('client_secret')]).toEqual([false, false]);
    });

    it('by client_secret_basic, a space being a plus', async () => {
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
    ])('by private_key_jwt, the key %s', async (_, make) => {
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

    it('by an assertion for each request, and for the audience that is wanted', async () => {
      const privateKeyJwt = { key: pem, alg: 'ES256', audience: 'urn:as' } as const;
      await asked({ clientId: 'notes-api', privateKeyJwt });
      await status(endpoint.issue(RESOURCE));
      const assertions = await Promise.all(
        endpoint.calls.map(async ({ form }) => {
          const { payload } = await jwtVerify(form.get('client_assertion') ?? '', pair.publicKey);
          return payload;
        }),
      );
      expect(new Set(assertions.map(({ jti }) => jti)).size).toBe(2);
      expect(assertions.map(({ aud }) => aud)).toEqual(['urn:as', 'urn:as']);
    });
  });

  describe('by an endpoint that', () => {
    const expectUnavailable = async (token: string) => {
      const response = await call(token);
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      expect(response.headers.get('www-authenticate')).toBeNull();
      expect(await response.json()).toEqual({
        error: 'temporarily_unavailable',
        error_description: 'The access token cannot be verified at the moment.',
      });
      expect(logged).toHaveLength(1);
      expect(logged[0]).toContain(`Introspection by the authorization server ${issuer.url} failed`);
      expect(logged[0]).not.toContain(token);
      expect(logged[0]).not.toContain(CLIENT.clientSecret);
    };

    it.each(Object.entries(badAnswers))('%s: 503, and 200 once it is well', async (_, answer) => {
      await start(undefined, {}, { fetchTimeout: 1000 });
      const token = endpoint.issue(RESOURCE);
      endpoint.fault = answer;
      await expectUnavailable(token);
      expect(issuer.count('elsewhere')).toBe(0);
      endpoint.fault = undefined;
      expect(await status(token)).toBe(200);
    });

    it.each<[string, unknown]>([
      ['says nothing of active', {}],
      ['says that active is a string', { active: 'true' }],
      ['says that active is a number', { active: 1 }],
      ['says that active is null', { active: null }],
      ['echoes what it was asked, in 100 kB', { active: true, padding: 'x'.repeat(100_000) }],
    ])('%s: 503', async (_, answer) => {
      await start();
      endpoint.fault = (_request, response) => json(response, answer);
      await expectUnavailable(endpoint.issue(RESOURCE));
    });

    it('refuses connections: 503', async () => {
      await start([introspecting(issuer, { endpoint: 'http://localhost:9/introspect' })]);
      await expectUnavailable(endpoint.issue(RESOURCE));
    });

    it('refuses our credentials: 503, and the operator is told what to look at', async () => {
      await start();
      endpoint.fault = (_, response) => json(response, { error: 'invalid_client' }, 401);
      await expectUnavailable(endpoint.issue(RESOURCE));
      expect(logged[0]).toContain(
        'answered 401 instead of 200. Check introspection.clientId, its secret or key, and the endpoint.',
      );
    });

    it.each<[string, unknown]>([
      ['missing', undefined],
      ['no URL', '/introspect'],
      ['over http: beyond loopback', 'http://auth.example.com/introspect'],
      ['an object', {}],
    ])('is, in the metadata, %s: 503', async (_, introspection_endpoint) => {
      issuer.metadata = { introspection_endpoint };
      await start();
      await expectUnavailable(endpoint.issue(RESOURCE));
      expect(logged[0]).toContain('"introspection_endpoint"');
    });

    it('is nearer than its issuer: 503, and the token does not go there', async () => {
      const real = dns.lookup.bind(dns) as (...args: unknown[]) => Promise<unknown>;
      jest
        .spyOn(dns, 'lookup')
        .mockImplementation((async (host: string, options: unknown) =>
          host === 'auth.example.com'
            ? [{ address: '93.184.215.14', family: 4 }]
            : real(host, options)) as never);
      const metadata = { issuer: 'https://auth.example.com', introspectionEndpoint: endpoint.url };
      await start([{ metadata, introspection: CLIENT }]);
      expect(await status(endpoint.issue(RESOURCE))).toBe(503);
      expect(endpoint.count).toBe(0);
      expect(logged[0]).toContain('allowPrivateNetwork');
    });

    it('fails for one token after another: the operator is told now and then', async () => {
      await start();
      let elapsed = 0;
      const now = performance.now.bind(performance);
      jest.spyOn(performance, 'now').mockImplementation(() => now() + elapsed);
      endpoint.fault = (_, response) => response.writeHead(500).end();
      await status(endpoint.issue(RESOURCE));
      await status(endpoint.issue(RESOURCE));
      expect(logged).toHaveLength(1);
      elapsed = 11_000;
      await status(endpoint.issue(RESOURCE));
      expect(logged).toHaveLength(2);
    });

    it('is asked about more tokens at a time than it may be: 503 for the rest, soon to be tried again', async () => {
      await start([introspecting(issuer, { maxConcurrent: 2 })]);
      let open: (value?: unknown) => void = () => undefined;
      endpoint.gate = new Promise((resolve) => (open = resolve));
      const waiting = [endpoint.issue(RESOURCE), endpoint.issue(RESOURCE)].map((token) =>
        status(token),
      );
      await issuer.arrived('/introspect', 2);
      const refused = await call(endpoint.issue(RESOURCE));
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
      open();
      expect(await Promise.all(waiting)).toEqual([200, 200]);
      expect(endpoint.count).toBe(2);
      expect(await status(endpoint.issue(RESOURCE))).toBe(200);
    });

    it('hangs while the application is closed: it is given up, and nothing is logged', async () => {
      await start(undefined, {}, { fetchTimeout: 600_000 });
      endpoint.gate = new Promise(() => undefined);
      const resource = app.get(ProtectedResourceRegistry).get(RESOURCE) ?? fail();
      const outcome = app.get(AccessTokenVerifier).verify(endpoint.issue(RESOURCE), resource);
      const refused = expect(outcome).rejects.toThrow(AuthorizationServerUnavailableError);
      await issuer.arrived('/introspect', 1);
      await app.close();
      await refused;
      expect(logged).toEqual([]);
    });
  });

  describe('keeps answers', () => {
    let elapsed: number;

    beforeEach(() => {
      elapsed = 0;
      const now = performance.now.bind(performance);
      jest.spyOn(performance, 'now').mockImplementation(() => now() + elapsed);
      const wall = Date.now.bind(Date);
      jest.spyOn(Date, 'now').mockImplementation(() => wall() + elapsed);
    });

    it.each<[string, Partial<IntrospectionOptions>, number]>([
      ['30 seconds by default', {}, 30],
      ['as many seconds as the options say', { cacheTtl: 5 }, 5],
      ['longer than JWTs, if the options say so', { cacheTtl: 120 }, 120],
    ])('for %s: a token that is revoked is refused then', async (_, more, ttl) => {
      await start([introspecting(issuer, more)]);
      const token = endpoint.issue(RESOURCE);
      expect(await status(token)).toBe(200);
      endpoint.revoke(token);
      elapsed = (ttl - 1) * 1000;
      expect([await status(token), endpoint.count]).toEqual([200, 1]);
      elapsed = (ttl + 1) * 1000;
      expect([await status(token), endpoint.count]).toEqual([401, 2]);
    });

    it('no longer than the token says it is valid', async () => {
      await start();
      const token = endpoint.issue(RESOURCE, { exp: seconds() + 20 });
      await status(token);
      endpoint.revoke(token);
      elapsed = 10_000;
      expect(await status(token)).toBe(200);
      elapsed = 21_000;
      expect([await status(token), endpoint.count]).toEqual([401, 2]);
    });

    it('no longer than maxTokenAge', async () => {
      await start([introspecting(issuer)], { jwt: { maxTokenAge: 10, clockTolerance: 0 } });
      const token = endpoint.issue(RESOURCE);
      await status(token);
      elapsed = 11_000;
      expect([await status(token), endpoint.count]).toEqual([401, 2]);
    });

    it.each<[string, Partial<IntrospectionOptions>, Partial<McpAuthModuleOptions>]>([
      ['cacheTtl: 0', { cacheTtl: 0 }, {}],
      ['tokenCache: false', {}, { tokenCache: false }],
    ])('not at all with %s', async (_, more, module) => {
      await start([introspecting(issuer, more)], {}, module);
      const token = endpoint.issue(RESOURCE);
      expect(await status(token)).toBe(200);
      endpoint.revoke(token);
      expect(await status(token)).toBe(401);
    });

    it('that are on their way for all who ask meanwhile', async () => {
      await start();
      const token = endpoint.issue(RESOURCE);
      const statuses = await Promise.all(Array.from({ length: 20 }, () => status(token)));
      expect([new Set(statuses), endpoint.count]).toEqual([new Set([200]), 1]);
    });

    it('that are on their way for nobody else with cacheTtl: 0', async () => {
      await start([introspecting(issuer, { cacheTtl: 0 })]);
      let open: (value?: unknown) => void = () => undefined;
      endpoint.gate = new Promise((resolve) => (open = resolve));
      const token = endpoint.issue(RESOURCE);
      const first = status(token);
      await issuer.arrived('/introspect', 1);
      const second = status(token);
      // The second request is under way once a third, of another kind, has been answered.
      expect(await status('', '/notes')).toBe(400);
      open();
      expect([await first, await second, endpoint.count]).toEqual([200, 200, 2]);
    });

    it('not of a token that is not active', async () => {
      await start();
      const token = endpoint.issue(RESOURCE, { active: false });
      expect(await status(token)).toBe(401);
      endpoint.issue(RESOURCE, {}, token);
      expect(await status(token)).toBe(200);
    });

    it('under no key that holds a token', async () => {
      const { TokenCache } = await import('../../lib/verification/token-cache.js');
      await start();
      const tokens = [endpoint.issue(RESOURCE), await issuer.mint({ audience: RESOURCE })];
      expect(await Promise.all(tokens.map((token) => status(token)))).toEqual([200, 200]);
      const { entries } = app.get<{ entries: Map<{ key: string }, unknown> }>(TokenCache);
      const keys = [...entries.keys()].map(({ key }) => key);
      expect(keys.map((key) => key.length)).toEqual([43, 43]);
      expect(tokens.filter((token) => keys.some((key) => key.includes(token)))).toEqual([]);
    });

    it('within bounds, however large they are', async () => {
      await start(undefined, {}, { tokenCache: { max: 2 } });
      const large = endpoint.issue(RESOURCE, { padding: 'x'.repeat(5000) });
      const small = endpoint.issue(RESOURCE);
      for (const token of [large, large, small, small]) {
        expect(await status(token)).toBe(200);
      }
      expect(endpoint.count).toBe(3);
    });

    it('and still has possession of a key proved with each request', async () => {
      await start(undefined, { dpop: 'accepted' });
      const key = await DpopKey.make();
      const token = endpoint.issue(RESOURCE, { ...DPOP, cnf: { jkt: key.jkt } });
      const { headers } = bearer(token);
      const call = async (proof: string) => {
        const authorization = headers.authorization.replace('Bearer', 'DPoP');
        return fetch(`${url}/notes`, { headers: { authorization, dpop: proof } });
      };
      const proof = await key.proof(token);
      expect((await call(proof)).status).toBe(200);
      expect((await call(proof)).status).toBe(401);
      expect((await call(await (await DpopKey.make()).proof(token))).status).toBe(401);
      expect(await status(token)).toBe(401);
      expect((await call(await key.proof(token))).status).toBe(200);
      expect(endpoint.count).toBe(1);
    });

    it('that nobody can change', async () => {
      await start();
      const token = endpoint.issue(RESOURCE, { nested: { list: [1] } });
      const resource = app.get(ProtectedResourceRegistry).get(RESOURCE) ?? fail();
      const { claims } = await app.get(AccessTokenVerifier).verify(token, resource);
      expect(Object.isFrozen((claims.nested as { list: number[] }).list)).toBe(true);
    });
  });

  describe('with several authorization servers', () => {
    it('asks those that introspect, in their order, until one knows the token', async () => {
      const second = await another();
      const third = await another();
      const silent = await another();
      await start([
        silent.server.url,
        introspecting(issuer),
        introspecting(second.server),
        introspecting(third.server),
      ]);
      const response = await call(second.endpoint.issue(RESOURCE));
      expect(await response.json()).toMatchObject({ issuer: second.server.url });
      const counts = [silent, { endpoint }, second, third].map((each) => each.endpoint.count);
      expect(counts).toEqual([0, 1, 1, 0]);
    });

    it('refuses a token that none of them knows', async () => {
      const second = await another();
      await start([introspecting(issuer), introspecting(second.server)]);
      expect(await status('unknown-to-all')).toBe(401);
      expect([endpoint.count, second.endpoint.count]).toEqual([1, 1]);
    });

    it('does not believe one of them about the tokens of another', async () => {
      const second = await another();
      await start([introspecting(issuer), introspecting(second.server)]);
      expect(await status(endpoint.issue(RESOURCE, { iss: second.server.url }))).toBe(401);
    });

    it('accepts what one knows while another is out of reach; 503 for what none knows', async () => {
      const second = await another();
      await start([introspecting(issuer), introspecting(second.server)]);
      const ofFirst = endpoint.issue(RESOURCE);
      const ofSecond = second.endpoint.issue(RESOURCE);
      endpoint.fault = (_, response) => response.writeHead(502).end();
      expect(await status(ofSecond)).toBe(200);
      expect(await status(ofFirst)).toBe(503);
      endpoint.fault = undefined;
      await second.server.down();
      expect(await status(ofFirst)).toBe(200);
    });

    it('verifies JWTs with the keys of their issuer, and asks nobody', async () => {
      const second = await another();
      await start([introspecting(issuer), introspecting(second.server)]);
      expect(await status(await second.server.mint({ audience: RESOURCE }))).toBe(200);
      const forged = await second.server.mint({ audience: RESOURCE, key: issuer.privateKey });
      expect(await status(forged)).toBe(401);
      expect(await status(await (await another()).server.mint({ audience: RESOURCE }))).toBe(401);
      expect([endpoint.count, second.endpoint.count]).toEqual([0, 0]);
    });

    it('asks the issuer of a JWT, and nobody else, if that publishes no keys', async () => {
      const second = await another();
      second.server.metadata = { ...second.server.metadata, jwks_uri: undefined };
      await start([introspecting(issuer), introspecting(second.server)]);
      const token = await second.server.mint({ audience: RESOURCE });
      second.endpoint.issue(RESOURCE, {}, token);
      expect(await status(token)).toBe(200);
      expect(await status(await second.server.mint({ audience: RESOURCE }))).toBe(401);
      expect([endpoint.count, second.endpoint.count]).toEqual([0, 2]);
    });

    it.each<[string, (jwt: string) => string]>([
      ['without its signature', (jwt) => jwt.slice(0, jwt.lastIndexOf('.'))],
      ['with a fourth part', (jwt) => `${jwt}.x`],
      ['with a header that is no JSON', (jwt) => `x${jwt}`],
      [
        'without alg',
        (jwt) => jwt.replace(/^[^.]+/, Buffer.from('{"typ":"JWT"}').toString('base64url')),
      ],
      ['with a character that is not of base64url', (jwt) => `${jwt}=`],
    ])('takes a JWT %s for an opaque token', async (_, change) => {
      await start();
      const token = change(await issuer.mint({ audience: RESOURCE }));
      expect([await status(token), endpoint.count]).toEqual([401, 1]);
      endpoint.issue(RESOURCE, {}, token);
      expect(await status(token)).toBe(200);
    });

    it('asks nobody about the tokens of a resource whose authorization servers do not introspect', async () => {
      const options: McpAuthModuleOptions = {
        protectedResources: [
          { metadata: { resource: RESOURCE, authorizationServers: [introspecting(issuer)] } },
          { metadata: { resource: TASKS, authorizationServers: [(await another()).server.url] } },
        ],
      };
      const controllers = [NotesController, TasksController];
      ({ url } = await startApp({ adapter, options, controllers }));
      const token = endpoint.issue([RESOURCE, TASKS]);
      expect(await status(token, '/tasks')).toBe(401);
      expect(endpoint.count).toBe(0);
      expect(await status(token)).toBe(200);
    });

    it('asks anew for another resource, whose audience is another', async () => {
      const server = introspecting(issuer);
      const options: McpAuthModuleOptions = {
        protectedResources: [
          { metadata: { resource: RESOURCE, authorizationServers: [server] } },
          { metadata: { resource: TASKS, authorizationServers: [server] } },
        ],
      };
      const controllers = [NotesController, TasksController];
      ({ url } = await startApp({ adapter, options, controllers }));
      const token = endpoint.issue(RESOURCE);
      expect([await status(token), await status(token, '/tasks')]).toEqual([200, 401]);
    });
  });

  describe('as the verifier of a resource', () => {
    it('is asked about JWTs too, with each request', async () => {
      await start(undefined, { tokenVerifier: IntrospectionTokenVerifier });
      const token = await issuer.mint({ audience: RESOURCE });
      endpoint.issue(RESOURCE, {}, token);
      expect([await status(token), await status(token), endpoint.count]).toEqual([200, 200, 2]);
      endpoint.revoke(token);
      expect(await status(token)).toBe(401);
    });

    it('does not send a JWT to a server that did not issue it', async () => {
      await start(undefined, { tokenVerifier: IntrospectionTokenVerifier });
      const { server } = await another();
      const response = await call(await server.mint({ audience: RESOURCE }));
      expect(await response.json()).toMatchObject({ error_description: description.issuer });
      expect(endpoint.count).toBe(0);
    });

    it.each<[string, Record<string, unknown>, InvalidTokenReason]>([
      ['another issuer', { iss: 'https://evil.example.com' }, 'issuer'],
      ['another audience', { aud: TASKS }, 'audience'],
      ['an expiry that is past', { exp: 1 }, 'expired'],
    ])('refuses, when it is asked directly, a token that has %s', async (_, claims, reason) => {
      await start();
      const resource = app.get(ProtectedResourceRegistry).get(RESOURCE) ?? fail();
      const outcome = app
        .get(IntrospectionTokenVerifier)
        .verify(endpoint.issue(RESOURCE, claims), resource);
      await expect(outcome).rejects.toThrow(new InvalidTokenError(reason));
    });

    it('is a mistake where no server introspects', async () => {
      await start([issuer.url], { tokenVerifier: IntrospectionTokenVerifier });
      expect(await status('opaque')).toBe(500);
    });
  });

  it('is not published', async () => {
    await start();
    const response = await fetch(`${url}/.well-known/oauth-protected-resource/notes`);
    const text = await response.text();
    expect(text).toContain(issuer.url);
    expect(text).not.toMatch(/introspection|secret|notes-api/);
  });
});

function fail(): never {
  throw new Error('It is not there.');
}
