import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import {
  AccessTokenVerifier,
  IntrospectionTokenVerifier,
  InvalidTokenError,
  type InvalidTokenReason,
  ProtectedResourceRegistry,
  Resource,
  type McpAuthModuleOptions,
  type ProtectedResourceOptions,
} from 'nestjs-mcp-auth';
import { adapters, RESOURCE, startApp } from '../support/app.js';
import { IntrospectedApp, introspecting, NotesController } from '../support/introspected-app.js';
import { CLIENT, IntrospectionEndpoint } from '../support/introspection.js';
import { Issuer } from '../support/issuer.js';

const TASKS = 'https://api.example.com/tasks';

@Controller('tasks')
@Resource(TASKS)
class TasksController {
  @Get() get() {
    return {};
  }
}

let others: Issuer[] = [];

afterEach(async () => {
  await Promise.all(others.map((server) => server.down()));
  others = [];
});

const another = async () => {
  const server = await Issuer.start();
  others.push(server);
  return { server, endpoint: new IntrospectionEndpoint(server) };
};

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
  possession:
    'The access token is bound to a key, but the request does not prove possession of it.',
  rejected: 'The access token is not valid.',
};

describe.each(adapters)('introspection, on %s', (adapter) => {
  const tested = IntrospectedApp.use(adapter);
  const { issuer, start, call, status } = tested;

  describe('of a token that is active', () => {
    it('makes AuthInfo from the result', async () => {
      await start();
      const exp = seconds() + 60;
      const response = await call(tested.endpoint.issue(RESOURCE, { exp, tenant: 't1' }));
      expect(await response.json()).toMatchObject({
        issuer: issuer.url,
        subject: 'alice',
        clientId: 'client-1',
        scopes: ['read:notes'],
        expiresAt: exp,
        claims: { tenant: 't1', aud: RESOURCE },
      });
    });

    it('leaves the check of scopes to the handler', async () => {
      await start();
      expect(
        await status(tested.endpoint.issue(RESOURCE, { scope: 'admin' }), '/notes/admin'),
      ).toBe(200);
      expect(await status(tested.endpoint.issue(RESOURCE), '/notes/admin')).toBe(403);
    });

    it('reads claims by the same options as for a JWT', async () => {
      await start([introspecting(issuer)], { claims: { scopes: ['roles', 'list'] } });
      const token = tested.endpoint.issue(RESOURCE, { roles: { list: ['admin'] } });
      expect(await status(token, '/notes/admin')).toBe(200);
    });

    it.each<
      [string, Record<string, unknown>, string | undefined, Partial<ProtectedResourceOptions>?]
    >([
      ['no issuer, so the issuer is the server that answered', { iss: undefined }, undefined],
      ['an issuer that is null, as if absent', { iss: null }, undefined],
      [
        'no issuer, though it is a required claim',
        { iss: undefined },
        description.claim,
        { jwt: { requiredClaims: ['iss'] } },
      ],
      ['another issuer', { iss: 'https://evil.example.com' }, description.issuer],
      ['an issuer that is not a string', { iss: {} }, description.issuer],
      ['this audience among several', { aud: ['https://other.example.com', RESOURCE] }, undefined],
      ['another audience', { aud: 'https://other.example.com' }, description.audience],
      ['no audience', { aud: undefined }, description.audience],
      ['an audience that is null', { aud: null }, description.audience],
      ['an audience that is an object', { aud: { 0: RESOURCE } }, description.audience],
      [
        'no audience, with dangerouslySkipAudienceCheck',
        { aud: undefined },
        undefined,
        { dangerouslySkipAudienceCheck: true },
      ],
      [
        'an audience that is an object, with dangerouslySkipAudienceCheck',
        { aud: {} },
        description.audience,
        { dangerouslySkipAudienceCheck: true },
      ],
      ['no exp', { exp: undefined }, undefined],
      ['an exp in the past', { exp: 1 }, description.expired],
      ['an exp within the clock tolerance', { exp: seconds() - 2 }, undefined, TOLERANT],
      ['an exp that is a string', { exp: '99999999999' }, description.claim],
      ['an nbf in the past', { nbf: 1 }, undefined],
      ['an nbf in the future', { nbf: seconds() + 3600 }, description.notYet],
      ['an nbf that is a string', { nbf: 'now' }, description.claim],
      ['an iat in the future', { iat: seconds() + 3600 }, description.notYet],
      ['an iat that is an object', { iat: {} }, description.claim],
      ['no iat', { iat: undefined }, undefined],
      ['no iat, with maxTokenAge', { iat: undefined }, description.claim, YOUNG],
      ['an iat older than maxTokenAge', { iat: 1 }, description.tooOld, YOUNG],
      ['an iat just now, with maxTokenAge', {}, undefined, YOUNG],
      ['a missing required claim', {}, description.claim, { jwt: { requiredClaims: ['tenant'] } }],
      ['a required claim that is null', { tenant: null }, description.claim, TENANT],
      ['a required claim', { tenant: 't1' }, undefined, TENANT],
      ['a scope that is a number', { scope: 1 }, description.claim],
      ['a subject that is an object', { sub: {} }, description.claim],
      ['token_type "DPoP", but no key', DPOP, description.confirmation],
      [
        'a bound key, and the request has no proof',
        { ...DPOP, cnf: { jkt: 'x'.repeat(43) } },
        description.possession,
      ],
      ['an unknown confirmation method', { cnf: { kid: 'x' } }, description.confirmation],
      ['token_type "refresh_token"', { token_type: 'refresh_token' }, description.type],
      ['token_use "refresh_token"', { token_use: 'refresh_token' }, description.type],
      ['token_use "id"', { token_use: 'id' }, description.type],
      ['a token_type that is an object', { token_type: {} }, description.type],
      ['no token_type', { token_type: undefined }, undefined],
      ['active: false', { active: false }, description.rejected],
    ])('checks the result: it has %s', async (_, claims, refusal, resource = {}) => {
      await start([introspecting(issuer)], resource);
      const response = await call(tested.endpoint.issue(RESOURCE, claims));
      expect(response.status).toBe(refusal === undefined ? 200 : 401);
      if (refusal !== undefined) {
        expect(await response.json()).toEqual({
          error: 'invalid_token',
          error_description: refusal,
        });
      }
    });

    it('sends the token unchanged, in a form and not in the URL', async () => {
      await start();
      const token = tested.endpoint.issue(RESOURCE, {}, 'a+b/c~d.e_f-g==');
      expect(await status(token)).toBe(200);
      const [{ headers, form } = fail()] = tested.endpoint.calls;
      expect(Object.fromEntries(form)).toEqual({ token, token_type_hint: 'access_token' });
      expect(headers).toMatchObject({
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      });
      expect(issuer.requests.join()).not.toContain('token');
    });

    it('is not requested for a token that is longer than the limit', async () => {
      await start();
      const verify = tested.app.get(AccessTokenVerifier);
      const resource = tested.app.get(ProtectedResourceRegistry).get(RESOURCE) ?? fail();
      const token = 'x'.repeat(16_385);
      await expect(verify.verify(token, resource)).rejects.toThrow(
        new InvalidTokenError('malformed'),
      );
      expect(tested.endpoint.count).toBe(0);
    });

    it('uses the endpoint of the options', async () => {
      const elsewhere = new IntrospectionEndpoint(issuer, '/elsewhere');
      issuer.metadata = { introspection_endpoint: tested.endpoint.url };
      await start([introspecting(issuer, { endpoint: elsewhere.url })]);
      expect(await status(elsewhere.issue(RESOURCE))).toBe(200);
      expect(tested.endpoint.count).toBe(0);
    });

    it('uses the endpoint of given metadata', async () => {
      const metadata = { issuer: issuer.url, introspectionEndpoint: tested.endpoint.url };
      await start([{ metadata, introspection: CLIENT }]);
      expect(await status(tested.endpoint.issue(RESOURCE))).toBe(200);
      expect(issuer.requests).toEqual(['/introspect']);
    });
  });

  describe('with several authorization servers', () => {
    it('asks the servers that introspect in their order, until a server knows the token', async () => {
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
      const counts = [silent, tested, second, third].map((each) => each.endpoint.count);
      expect(counts).toEqual([0, 1, 1, 0]);
    });

    it('rejects a token that no server knows', async () => {
      const second = await another();
      await start([introspecting(issuer), introspecting(second.server)]);
      expect(await status('unknown-to-all')).toBe(401);
      expect([tested.endpoint.count, second.endpoint.count]).toEqual([1, 1]);
    });

    it('does not accept a result of one server about the tokens of another server', async () => {
      const second = await another();
      await start([introspecting(issuer), introspecting(second.server)]);
      expect(await status(tested.endpoint.issue(RESOURCE, { iss: second.server.url }))).toBe(401);
    });

    it('accepts a token that a reachable server knows, and answers 503 for a token that no reachable server knows', async () => {
      const second = await another();
      await start([introspecting(issuer), introspecting(second.server)]);
      const ofFirst = tested.endpoint.issue(RESOURCE);
      const ofSecond = second.endpoint.issue(RESOURCE);
      tested.endpoint.fault = (_, response) => response.writeHead(502).end();
      expect(await status(ofSecond)).toBe(200);
      expect(await status(ofFirst)).toBe(503);
      tested.endpoint.fault = undefined;
      await second.server.down();
      expect(await status(ofFirst)).toBe(200);
    });

    it('verifies JWTs with the keys of their issuer, without introspection', async () => {
      const second = await another();
      await start([introspecting(issuer), introspecting(second.server)]);
      expect(await status(await second.server.mint({ audience: RESOURCE }))).toBe(200);
      const forged = await second.server.mint({ audience: RESOURCE, key: issuer.privateKey });
      expect(await status(forged)).toBe(401);
      expect(await status(await (await another()).server.mint({ audience: RESOURCE }))).toBe(401);
      expect([tested.endpoint.count, second.endpoint.count]).toEqual([0, 0]);
    });

    it('introspects a JWT only at its issuer, if the issuer publishes no keys', async () => {
      const second = await another();
      second.server.metadata = { ...second.server.metadata, jwks_uri: undefined };
      await start([introspecting(issuer), introspecting(second.server)]);
      const token = await second.server.mint({ audience: RESOURCE });
      second.endpoint.issue(RESOURCE, {}, token);
      expect(await status(token)).toBe(200);
      expect(await status(await second.server.mint({ audience: RESOURCE }))).toBe(401);
      expect([tested.endpoint.count, second.endpoint.count]).toEqual([0, 2]);
    });

    it.each<[string, (jwt: string) => string]>([
      ['without its signature', (jwt) => jwt.slice(0, jwt.lastIndexOf('.'))],
      ['with a fourth part', (jwt) => `${jwt}.x`],
      ['with a header that is not JSON', (jwt) => `x${jwt}`],
      [
        'whose header has no alg',
        (jwt) => jwt.replace(/^[^.]+/, Buffer.from('{"typ":"JWT"}').toString('base64url')),
      ],
      ['with a character outside base64url', (jwt) => `${jwt}=`],
    ])('introspects a JWT %s as an opaque token', async (_, change) => {
      await start();
      const token = change(await issuer.mint({ audience: RESOURCE }));
      expect([await status(token), tested.endpoint.count]).toEqual([401, 1]);
      tested.endpoint.issue(RESOURCE, {}, token);
      expect(await status(token)).toBe(200);
    });

    it('introspects nothing for a resource whose authorization servers do not introspect', async () => {
      const options: McpAuthModuleOptions = {
        protectedResources: [
          { metadata: { resource: RESOURCE, authorizationServers: [introspecting(issuer)] } },
          { metadata: { resource: TASKS, authorizationServers: [(await another()).server.url] } },
        ],
      };
      const controllers = [NotesController, TasksController];
      ({ url: tested.url } = await startApp({ adapter, options, controllers }));
      const token = tested.endpoint.issue([RESOURCE, TASKS]);
      expect(await status(token, '/tasks')).toBe(401);
      expect(tested.endpoint.count).toBe(0);
      expect(await status(token)).toBe(200);
    });

    it('introspects a token again for another resource with another audience', async () => {
      const server = introspecting(issuer);
      const options: McpAuthModuleOptions = {
        protectedResources: [
          { metadata: { resource: RESOURCE, authorizationServers: [server] } },
          { metadata: { resource: TASKS, authorizationServers: [server] } },
        ],
      };
      const controllers = [NotesController, TasksController];
      ({ url: tested.url } = await startApp({ adapter, options, controllers }));
      const token = tested.endpoint.issue(RESOURCE);
      expect([await status(token), await status(token, '/tasks')]).toEqual([200, 401]);
    });
  });

  describe('as the verifier of a resource', () => {
    it('introspects JWTs as well, with each request', async () => {
      await start(undefined, { tokenVerifier: IntrospectionTokenVerifier });
      const token = await issuer.mint({ audience: RESOURCE });
      tested.endpoint.issue(RESOURCE, {}, token);
      expect([await status(token), await status(token), tested.endpoint.count]).toEqual([
        200, 200, 2,
      ]);
      tested.endpoint.revoke(token);
      expect(await status(token)).toBe(401);
    });

    it('does not send a JWT to a server that did not issue it', async () => {
      await start(undefined, { tokenVerifier: IntrospectionTokenVerifier });
      const { server } = await another();
      const response = await call(await server.mint({ audience: RESOURCE }));
      expect(await response.json()).toMatchObject({ error_description: description.issuer });
      expect(tested.endpoint.count).toBe(0);
    });

    it.each<[string, Record<string, unknown>, InvalidTokenReason]>([
      ['another issuer', { iss: 'https://evil.example.com' }, 'issuer'],
      ['another audience', { aud: TASKS }, 'audience'],
      ['an exp in the past', { exp: 1 }, 'expired'],
    ])('rejects a token, when called directly, that has %s', async (_, claims, reason) => {
      await start();
      const resource = tested.app.get(ProtectedResourceRegistry).get(RESOURCE) ?? fail();
      const outcome = tested.app
        .get(IntrospectionTokenVerifier)
        .verify(tested.endpoint.issue(RESOURCE, claims), resource);
      await expect(outcome).rejects.toThrow(new InvalidTokenError(reason));
    });

    it('stops the start if no server introspects', async () => {
      const starting = start([issuer.url], { tokenVerifier: IntrospectionTokenVerifier });
      await expect(starting).rejects.toThrow(
        /no authorization server of this resource has the option "introspection"/,
      );
    });
  });

  it('is not published in the metadata', async () => {
    await start();
    const response = await fetch(`${tested.url}/.well-known/oauth-protected-resource/notes`);
    const text = await response.text();
    expect(text).toContain(issuer.url);
    expect(text).not.toMatch(/introspection|secret|notes-api/);
  });
});

function fail(): never {
  throw new Error('It is not there.');
}
