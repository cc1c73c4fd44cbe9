import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication } from '@nestjs/common';
import {
  AuthInfo,
  AuthorizationServerMetadataService,
  Resource,
  TokenRevocations,
  type AuthorizationServerOptions,
  type McpAuthModuleOptions,
  type ProtectedResourceOptions,
  type ResolveAuthorizationServer,
} from 'nestjs-mcp-auth';
import { OAuthClient } from '../../sample/todo-manager/walk-through/oauth-client.js';
import { Wire } from '../../sample/walk-through/wire.js';
import { adapters, bearer, RESOURCE, startApp } from '../support/app.js';
import { CLIENT, IntrospectionEndpoint } from '../support/introspection.js';
import { Issuer, json } from '../support/issuer.js';
import { CLIENTS } from '../support/mcp-flow/clients.js';
import { freePort } from '../support/mcp-flow/free-port.js';
import { startWhoamiApp, type Sighting } from '../support/mcp-flow/whoami-app.js';
import { useIssuer } from '../support/serve.js';

const TASKS = 'https://api.example.com/tasks';
const DOCUMENT = '/.well-known/oauth-protected-resource/notes';

@Controller('notes')
class NotesController {
  @Get() get(@AuthInfo() { issuer, principal, scopes }: AuthInfo) {
    return { issuer, principal, scopes };
  }
}

@Resource(RESOURCE)
class OneController extends NotesController {}

@Controller('tasks')
@Resource(TASKS)
class OtherController extends NotesController {}

const issuer = useIssuer({ per: 'test' });

/** An authorization server as a provider documents it, on the host of {@link issuer}. */
interface Provider {
  name: string;
  /** The paths of its issuer and of its metadata document. */
  path: string;
  document: string;
  /** The other members of its metadata. */
  metadata?: () => Record<string, unknown>;
  /** The `iss` of its tokens. */
  iss: () => string;
  options: (server: AuthorizationServerOptions) => Partial<ProtectedResourceOptions>;
  claims?: Record<string, unknown>;
}

const only = (server: AuthorizationServerOptions): Partial<ProtectedResourceOptions> => ({
  metadata: { resource: RESOURCE, authorizationServers: [server] },
});

const ADFS = 'http://adfs.example.com/adfs/services/trust';
const STS = 'https://sts.windows.net/aaaabbbb-0000-cccc-1111-dddd2222eeee/';

const scalekit: Provider = {
  name: 'Scalekit',
  path: '/resources/res_1',
  document: '/.well-known/oauth-authorization-server/resources/res_1',
  iss: () => new URL(issuer.url).origin,
  options: (server) => ({ ...only(server), audience: 'res_1' }),
  claims: { aud: ['res_1', RESOURCE] },
};

const descope: Provider = {
  name: 'Descope',
  path: '/v1/apps/agentic/P2abc/MS2def',
  document: '/v1/apps/agentic/P2abc/MS2def/.well-known/openid-configuration',
  iss: () => `${issuer.url}/v1/apps/P2abc`,
  options: only,
};

const providers: Provider[] = [
  {
    name: 'AD FS',
    path: '/adfs',
    document: '/adfs/.well-known/openid-configuration',
    metadata: () => ({ access_token_issuer: ADFS }),
    iss: () => ADFS,
    options: only,
  },
  {
    name: 'Entra ID, version 1, whose clients use version 2',
    path: '/aaaabbbb-0000-cccc-1111-dddd2222eeee/v2.0',
    document: '/aaaabbbb-0000-cccc-1111-dddd2222eeee/v2.0/.well-known/openid-configuration',
    iss: () => STS,
    options: (server) => ({ ...only(server), audience: 'api://notes' }),
    claims: { aud: 'api://notes', ver: '1.0', appid: 'client-1', scp: 'read' },
  },
  scalekit,
  descope,
];

/** Publishes a metadata document, and returns its issuer. */
const publish = ({
  path,
  document,
  metadata,
}: Pick<Provider, 'path' | 'document' | 'metadata'>) => {
  const url = issuer.url + path;
  issuer.answer(document, (_, response) =>
    json(response, { issuer: url, jwks_uri: `${issuer.url}/jwks`, ...metadata?.() }),
  );
  return url;
};

/** The metadata that clients need, with the endpoints at an issuer. */
const loginAt = (at: Issuer) => () => ({
  authorization_endpoint: `${at.url}/authorize`,
  token_endpoint: `${at.url}/token`,
  registration_endpoint: `${at.url}/register`,
  response_types_supported: ['code'],
  code_challenge_methods_supported: ['S256'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
  token_endpoint_auth_methods_supported: ['none'],
  authorization_response_iss_parameter_supported: true,
});

describe.each(adapters)('a tokenIssuer, on %s', (adapter) => {
  let app: INestApplication;
  let url: string;
  let whoami: INestApplication | undefined;

  afterEach(async () => {
    await whoami?.close();
    whoami = undefined;
  });

  const start = async (
    resource: Partial<ProtectedResourceOptions>,
    module: Partial<McpAuthModuleOptions> = {},
  ) => {
    const protectedResources = {
      metadata: { resource: RESOURCE, authorizationServers: [] },
      ...resource,
    };
    ({ app, url } = await startApp({
      adapter,
      options: { protectedResources, ...module },
      controllers: [NotesController],
    }));
  };
  const startWith = (
    ...authorizationServers: (AuthorizationServerOptions | ResolveAuthorizationServer)[]
  ) => start({ metadata: { resource: RESOURCE, authorizationServers } });
  const mint = (iss: string, claims: Record<string, unknown> = {}) =>
    issuer.mint({ audience: RESOURCE, claims: { iss, ...claims } });
  const call = async (token: string) => fetch(`${url}/notes`, bearer(token));
  const status = async (token: string) => (await call(token)).status;
  const seenIssuer = async (token: string) =>
    ((await (await call(token)).json()) as { issuer?: string }).issuer;

  describe.each(providers)('of $name', ({ options, iss, claims, ...provider }) => {
    beforeEach(async () => {
      const published = publish(provider);
      await start(options({ issuer: published, tokenIssuer: iss() }));
    });

    it('is the issuer of the caller, and the issuer of the server is published', async () => {
      const answer = await call(await mint(iss(), claims));
      const body = (await answer.json()) as AuthInfo;
      expect([answer.status, body.issuer]).toEqual([200, iss()]);
      expect(body.principal).toContain(`user.${Buffer.from(iss()).toString('hex')}.`);
      const document = (await (await fetch(url + DOCUMENT)).json()) as Record<string, unknown>;
      expect(document.authorization_servers).toEqual([issuer.url + provider.path]);
      // The metadata was fetched from the server, not from the URL of the tokenIssuer.
      expect(new Set(issuer.requests.filter((path) => path.includes('.well-known')))).toContain(
        provider.document,
      );
    });

    it('is compared exactly', async () => {
      const others = [
        issuer.url + provider.path,
        `${iss()}/x`,
        iss().replace(/\/?$/, (slash) => (slash === '' ? '/' : '')),
        iss().replace(/^https?:/, (scheme) => scheme.toUpperCase()),
        iss()
          .replace(/^http:/, 'https:')
          .replace(/^https:\/\/localhost/, 'https://other'),
      ].filter((other) => other !== iss());
      const tokens = await Promise.all(others.map((other) => mint(other, claims)));
      expect(await Promise.all(tokens.map(status))).toEqual(others.map(() => 401));
    });

    it('does not make a token valid without a right signature', async () => {
      const other = await Issuer.start();
      const forged = await issuer.mint({
        audience: RESOURCE,
        claims: { iss: iss(), ...claims },
        key: other.privateKey,
      });
      expect(await status(forged)).toBe(401);
      await other.down();
    });
  });

  it('can be a list of issuers, during the migration of a provider', async () => {
    const published = publish(scalekit);
    await startWith({ issuer: published, tokenIssuer: [issuer.url, published] });
    expect(await seenIssuer(await mint(issuer.url))).toBe(issuer.url);
    expect(await seenIssuer(await mint(published))).toBe(published);
    expect(await status(await mint(`${published}/`))).toBe(401);
    expect(issuer.count('jwks')).toBe(1);
  });

  it('works with metadata in the options, where only the keys are fetched', async () => {
    await startWith({
      metadata: { issuer: 'http://localhost/adfs', jwksUri: `${issuer.url}/jwks` },
      tokenIssuer: ADFS,
    });
    expect([await seenIssuer(await mint(ADFS)), issuer.requests]).toEqual([ADFS, ['/jwks']]);
  });

  it('uses the claims option of its server', async () => {
    const claims = { scopes: 'permissions' };
    await startWith({ issuer: issuer.url, tokenIssuer: [STS, ADFS], claims });
    for (const iss of [STS, ADFS]) {
      const answer = await call(await mint(iss, { permissions: ['read'] }));
      expect(await answer.json()).toMatchObject({ scopes: ['read'] });
    }
  });

  it('finds the metadata of its server at start-up', async () => {
    await start(
      {
        metadata: {
          resource: RESOURCE,
          authorizationServers: [{ issuer: issuer.url, tokenIssuer: STS }],
        },
      },
      { discovery: 'eager' },
    );
    expect(issuer.count('jwks')).toBe(1);
    const metadata = app.get(AuthorizationServerMetadataService);
    expect(metadata.issuers).toEqual([issuer.url]);
    expect((await metadata.get(issuer.url)).issuer).toBe(issuer.url);
    await expect(metadata.get(STS)).rejects.toThrow('No protected resource names');
  });

  it('is the issuer by which tokens are revoked', async () => {
    await startWith({ issuer: issuer.url, tokenIssuer: STS });
    const [token, revocations] = [await mint(STS, { jti: 'a' }), app.get(TokenRevocations)];
    expect(await status(token)).toBe(200);
    await revocations.revokeToken({ issuer: STS, jti: 'a' });
    expect([await status(token), await status(await mint(STS))]).toEqual([401, 200]);
    await revocations.revokeSubject({ issuer: STS, subject: 'alice' });
    expect(await status(await mint(STS))).toBe(401);
    await expect(revocations.revokeToken({ issuer: issuer.url, jti: 'b' })).rejects.toThrow(
      `No protected resource accepts tokens of the issuer "${issuer.url}", so no token of this issuer can be revoked. Accepted issuers: ${STS}.`,
    );
  });

  describe('of introspected tokens', () => {
    let endpoint: IntrospectionEndpoint;

    beforeEach(async () => {
      endpoint = new IntrospectionEndpoint(issuer);
      await startWith({ issuer: issuer.url, tokenIssuer: [STS, ADFS], introspection: CLIENT });
    });

    it.each<[string, () => unknown, string | undefined]>([
      ['the first tokenIssuer', () => STS, STS],
      ['another tokenIssuer', () => ADFS, ADFS],
      ['no issuer, which stands for the first', () => undefined, STS],
      ['the issuer of the metadata, which is rejected', () => issuer.url, undefined],
      ['a list, which is rejected', () => [STS], undefined],
    ])('is compared with the issuer in the response: %s', async (_, iss, expected) => {
      const token = endpoint.issue(RESOURCE, { iss: iss() });
      expect([await status(token), await seenIssuer(token)]).toEqual([
        expected === undefined ? 401 : 200,
        expected,
      ]);
    });

    it('has a JWT introspected once by its own server, which publishes no keys', async () => {
      issuer.metadata = { ...issuer.metadata, jwks_uri: undefined };
      const jwt = await mint(ADFS);
      endpoint.issue(RESOURCE, { iss: ADFS }, jwt);
      expect([await seenIssuer(jwt), endpoint.count]).toEqual([ADFS, 1]);
      const other = await mint(issuer.url);
      endpoint.issue(RESOURCE, { iss: STS }, other);
      expect([await status(other), endpoint.count]).toEqual([401, 1]);
    });

    it('asks a server with several issuers once about an opaque token', async () => {
      expect([await status('unknown'), endpoint.count]).toEqual([401, 1]);
    });
  });

  describe('of a server that a resolver returns', () => {
    const TOKENS = 'https://tokens.example.com';

    it('is the issuer with which the resolver is called', async () => {
      const asked: string[] = [];
      const resolver = (iss: string) => {
        asked.push(iss);
        return iss === TOKENS ? { issuer: issuer.url, tokenIssuer: TOKENS } : undefined;
      };
      await start({
        metadata: { resource: RESOURCE, authorizationServers: resolver },
        publishedIssuers: [issuer.url],
      });
      expect(await seenIssuer(await mint(TOKENS))).toBe(TOKENS);
      expect(await status(await mint(issuer.url))).toBe(401);
      // The resolver is never called with an `http:` issuer beyond loopback.
      expect(await status(await mint(ADFS))).toBe(401);
      expect(asked).toEqual([TOKENS, issuer.url]);
    });

    it('must be the issuer with which the resolver was called', async () => {
      const resolver = () => ({ issuer: TOKENS, tokenIssuer: STS });
      await start({
        metadata: { resource: RESOURCE, authorizationServers: resolver },
        publishedIssuers: [],
      });
      expect([await status(await mint(TOKENS)), issuer.requests]).toEqual([500, []]);
    });

    it('makes no other issuer of its list valid, even if its list names a trusted server', async () => {
      const evil = await Issuer.start();
      const resolver = (iss: string) =>
        iss === TOKENS ? { issuer: evil.url, tokenIssuer: [issuer.url, STS, TOKENS] } : undefined;
      await startWith(issuer.url, resolver);
      const forge = (iss: string) => evil.mint({ audience: RESOURCE, claims: { iss } });
      expect(await seenIssuer(await forge(TOKENS))).toBe(TOKENS);
      expect(await status(await forge(issuer.url))).toBe(401);
      expect(await status(await forge(STS))).toBe(401);
      expect(await status(await mint(issuer.url))).toBe(200);
      await evil.down();
    });
  });

  it('does not let one listed server sign tokens with the issuer of another server', async () => {
    const other = await Issuer.start();
    await startWith({ issuer: issuer.url, tokenIssuer: STS }, other.url);
    const by = (one: Issuer, iss: string) => one.mint({ audience: RESOURCE, claims: { iss } });
    expect([
      await status(await by(issuer, STS)),
      await status(await by(other, other.url)),
      await status(await by(other, STS)),
      await status(await by(issuer, other.url)),
      await status(await by(issuer, issuer.url)),
    ]).toEqual([200, 200, 401, 401, 401]);
    await other.down();
  });

  it('can be the same at two resources with different servers of one provider', async () => {
    const servers = ['res_1', 'res_2'].map((id) => {
      const path = `/resources/${id}`;
      const document = `/.well-known/oauth-authorization-server${path}`;
      return { issuer: publish({ path, document }), tokenIssuer: issuer.url };
    });
    const protectedResources = [RESOURCE, TASKS].map((resource, index) => ({
      metadata: { resource, authorizationServers: servers.slice(index, index + 1) },
      audience: `res_${index + 1}`,
    }));
    ({ url } = await startApp({
      adapter,
      options: { protectedResources },
      controllers: [OneController, OtherController],
    }));
    const get = async (path: string, audience: string) =>
      (await fetch(`${url}/${path}`, bearer(await issuer.mint({ audience })))).status;
    expect([await get('notes', 'res_1'), await get('tasks', 'res_2')]).toEqual([200, 200]);
    expect([await get('notes', 'res_2'), await get('tasks', 'res_1')]).toEqual([401, 401]);
    for (const id of ['res_1', 'res_2']) {
      expect(issuer.count(`/oauth-authorization-server/resources/${id}`)).toBe(1);
    }
  });

  it.each(Object.keys(CLIENTS) as (keyof typeof CLIENTS)[])(
    'lets %s log in at the published issuer',
    async (kind) => {
      const port = await freePort();
      const resource = `http://localhost:${port}/mcp`;
      const published = publish({ ...descope, metadata: loginAt(issuer) });
      const token = await issuer.mint({ audience: resource, claims: { iss: descope.iss() } });
      const sentTo: string[] = [];
      const oauth = new OAuthClient('Test', ({ href }) => void sentTo.push(href));
      issuer.answer('/register', (_, response) =>
        json(response, { ...oauth.clientMetadata, client_id: 'client-1' }, 201),
      );
      issuer.answer('/token', (_, response) =>
        json(response, { access_token: token, token_type: 'Bearer' }),
      );
      const server = { issuer: published, tokenIssuer: descope.iss() };
      whoami = await startWhoamiApp(
        adapter === 'express' ? 'Express' : 'Fastify',
        { port, resource, issuer: published },
        { metadata: { resource, authorizationServers: [server] } },
      );
      const client = CLIENTS[kind](new URL(`${resource}/v2`), oauth, new Wire());
      await expect(client.connect()).rejects.toThrow('Unauthorized');
      expect(sentTo).toEqual([expect.stringContaining(`${issuer.url}/authorize?`)]);
      await client.finishAuth(new URLSearchParams({ code: 'code', iss: published }));
      await client.connect();
      const { content } = await client.callTool('whoami');
      const [{ text }] = content as [{ text: string }];
      expect((JSON.parse(text) as Sighting).handler.issuer).toBe(descope.iss());
      await client.close();
    },
  );
});
