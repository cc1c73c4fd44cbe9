import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { CompactEncrypt, exportJWK, SignJWT, UnsecuredJWT } from 'jose';
import type {
  AuthorizationServerOptions,
  IntrospectionOptions,
  McpAuthModuleOptions,
  ProtectedResourceOptions,
} from 'nestjs-mcp-auth';
import { adapters, RESOURCE, startFailure, stopApps } from '../support/app.js';
import { IntrospectedApp, introspecting } from '../support/introspected-app.js';
import { CLIENT } from '../support/introspection.js';
import { json, type MintOptions } from '../support/issuer.js';

const MEDIA_TYPE = 'application/token-introspection+jwt';
const SIGNED = { ...CLIENT, signedResponse: true, cacheTtl: 0 } as const;

const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const seconds = () => Math.floor(Date.now() / 1000);

interface Change extends Omit<MintOptions, 'claims'> {
  /** The claims that are changed, or a function that returns them for the time of the response. */
  claims?: Record<string, unknown> | ((now: number) => Record<string, unknown>);
  /** Returns the changed members of `token_introspection`. */
  members?: (members: Record<string, unknown>) => unknown;
  mediaType?: string | undefined;
  /** Returns a changed JWT, or another JWT with the claims. */
  jwt?: (jwt: string, claims: Record<string, unknown>) => string | Promise<string>;
}

const claimsOf = (jwt: string) =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >;

const header = (change: Record<string, unknown>): Change => ({ header: change });
const claims = (change: Change['claims']): Change => ({ claims: change });
const withMediaType = (mediaType: string | undefined): Change => ({ mediaType });

describe.each(adapters)('signedResponse of introspection, on %s', (adapter) => {
  const tested = IntrospectedApp.use(adapter);
  const { issuer, call, status } = tested;

  const start = (
    introspection: Partial<IntrospectionOptions> = {},
    resource: Partial<ProtectedResourceOptions> = {},
    server: Partial<AuthorizationServerOptions & object> = {},
  ) =>
    tested.start(
      [
        {
          issuer: issuer.url,
          ...server,
          introspection: { ...SIGNED, ...introspection },
        } as AuthorizationServerOptions,
      ],
      resource,
    );

  /** Makes the endpoint answer with a JWT that is valid, except for the changes. */
  const answer = ({
    members = (right) => right,
    jwt = (right) => right,
    ...change
  }: Change = {}) => {
    tested.endpoint.respond = async (response, right) => {
      const minted = await issuer.mint({
        audience: CLIENT.clientId,
        ...change,
        header: { typ: 'token-introspection+jwt', ...change.header },
        claims: {
          sub: undefined,
          exp: undefined,
          client_id: undefined,
          token_introspection: members(right as Record<string, unknown>),
          ...(typeof change.claims === 'function' ? change.claims(seconds()) : change.claims),
        },
      });
      const mediaType = 'mediaType' in change ? change.mediaType : MEDIA_TYPE;
      response.writeHead(200, mediaType === undefined ? {} : { 'content-type': mediaType });
      response.end(await jwt(minted, claimsOf(minted)));
    };
  };
  const opaque = (members?: Record<string, unknown>) => tested.endpoint.issue(RESOURCE, members);

  beforeEach(() => answer());

  it('is requested, and its members become the claims of the caller', async () => {
    await start();
    const response = await call(opaque({ tenant: 't1' }));
    expect(await response.json()).toMatchObject({
      issuer: issuer.url,
      subject: 'alice',
      clientId: 'client-1',
      claims: { tenant: 't1', aud: RESOURCE },
    });
    expect(tested.endpoint.calls[0]?.headers.accept).toBe(MEDIA_TYPE);
  });

  it.each<[string, Change]>([
    [
      'a typ with application/ in another case',
      header({ typ: `Application/Token-Introspection+JWT` }),
    ],
    ['a media type with a parameter', withMediaType(`${MEDIA_TYPE}; charset=utf-8`)],
    ['a media type in another case', withMediaType('Application/Token-Introspection+JWT')],
    ['our client among several in aud', { audience: ['other-api', CLIENT.clientId] }],
    ['the resource in aud', { audience: RESOURCE }],
    ['an iat half a minute ago', claims((now) => ({ iat: now - 30 }))],
    ['an exp in the future', claims((now) => ({ exp: now + 60 }))],
  ])('is accepted with %s', async (_, change) => {
    await start();
    answer(change);
    expect(await status(opaque())).toBe(200);
  });

  it('is not read outside of token_introspection', async () => {
    await start();
    answer(claims({ sub: 'mallory', exp: seconds() + 60, scope: 'admin', client_id: 'mallory' }));
    const token = opaque({
      sub: undefined,
      exp: undefined,
      scope: undefined,
      client_id: undefined,
    });
    const caller = (await (await call(token)).json()) as Record<string, unknown>;
    expect(caller).toMatchObject({ clientId: '', scopes: [], expiresAt: null });
    expect(caller).not.toHaveProperty('subject');
  });

  it.each<[string, Change, string]>([
    [
      'JSON',
      {
        mediaType: 'application/json',
        jwt: (_, { token_introspection: members }) => JSON.stringify(members),
      },
      `application/json instead of ${MEDIA_TYPE}, which introspection.signedResponse requires`,
    ],
    ['a JWT as JSON', withMediaType('application/json'), 'application/json instead of'],
    ['a JWT as application/jwt', withMediaType('application/jwt'), 'application/jwt instead of'],
    ['a JWT without a media type', withMediaType(undefined), 'no media type instead of'],
    [
      'JSON as a JWT',
      { jwt: (_, { token_introspection: members }) => JSON.stringify(members) },
      'malformed',
    ],
    ['no text', { jwt: () => '' }, 'malformed'],
    ['a JWT without typ', header({ typ: undefined }), 'type ("typ" is missing'],
    ['a JWT with the typ JWT', header({ typ: 'JWT' }), 'type ("typ" is JWT'],
    [
      'an access token',
      header({ typ: 'at+jwt' }),
      'type ("typ" is at+jwt, expected token-introspection+jwt)',
    ],
    [
      'an unsigned JWT',
      {
        jwt: (_, content) =>
          new UnsecuredJWT(content)
            .encode()
            .replace(/^[^.]+/, base64({ alg: 'none', typ: 'token-introspection+jwt' })),
      },
      'algorithm',
    ],
    ['a JWT without its signature', { jwt: (jwt) => jwt.replace(/[^.]+$/, '') }, 'signature'],
    [
      'a JWT signed with the client secret',
      {
        jwt: (_, content) =>
          new SignJWT(content)
            .setProtectedHeader({ alg: 'HS256', typ: 'token-introspection+jwt' })
            .sign(new TextEncoder().encode(CLIENT.clientSecret)),
      },
      'algorithm',
    ],
    ['a JWT of another key', { key: other.privateKey as never }, 'signature'],
    [
      'a JWT with an unknown key id',
      { key: other.privateKey as never, header: { kid: 'unknown' } },
      'signature',
    ],
    [
      'a JWT that brings its key',
      {
        key: other.privateKey as never,
        header: { jwk: other.publicKey.export({ format: 'jwk' }) },
      },
      'signature',
    ],
    [
      'a JWT whose claims were changed',
      { jwt: (jwt, content) => withPayload(jwt, { ...content, extra: true }) },
      'signature',
    ],
    [
      'a response for another resource server',
      { audience: 'tasks-api' },
      `audience ("aud" is tasks-api, expected notes-api, ${RESOURCE})`,
    ],
    [
      'a response for several other resource servers',
      { audience: ['a', 'b'] },
      'audience ("aud" is a, b',
    ],
    ['a response without aud', claims({ aud: undefined }), 'claim ("aud" is missing)'],
    ['a response for an object', claims({ aud: { 0: 'notes-api' } }), 'audience'],
    [
      'another issuer',
      claims({ iss: 'https://evil.example.com' }),
      'issuer ("iss" is https://evil',
    ],
    ['no issuer', claims({ iss: undefined }), 'issuer'],
    ['no iat', claims({ iat: undefined }), 'claim ("iat" is missing)'],
    ['an iat that is a string', claims((now) => ({ iat: String(now) })), 'claim ("iat"'],
    ['an iat in the future', claims((now) => ({ iat: now + 60 })), 'not_yet_valid ("iat"'],
    ['a response of two minutes ago', claims((now) => ({ iat: now - 120 })), 'too_old ("iat"'],
    ['a response that has expired', claims((now) => ({ exp: now - 10 })), 'expired'],
    ['an exp that is a string', claims({ exp: 'tomorrow' }), 'claim ("exp"'],
    [
      'a response that is not valid yet',
      claims((now) => ({ nbf: now + 60 })),
      'not_yet_valid ("nbf"',
    ],
    ['no token_introspection', claims({ token_introspection: undefined }), 'claim ("token_intro'],
    ['null', { members: () => null }, 'claim ("token_introspection" is missing)'],
    ['an array', { members: (right) => [right] }, 'claim ("token_introspection" is malformed)'],
    ['a string', { members: () => 'active' }, 'claim ("token_introspection" is malformed)'],
    [
      'its members beside token_introspection',
      { members: () => ({}), claims: { active: true } },
      'without a boolean "active"',
    ],
    [
      'active as a string',
      { members: (right) => ({ ...right, active: 'true' }) },
      'without a boolean "active"',
    ],
    [
      'an encrypted JWT',
      {
        jwt: (jwt) =>
          new CompactEncrypt(new TextEncoder().encode(jwt))
            .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', cty: 'JWT' })
            .encrypt(other.publicKey),
      },
      'an encrypted JWT, which is not supported',
    ],
    [
      '100 kB',
      { members: (right) => ({ ...right, padding: 'x'.repeat(100_000) }) },
      'more than 65536 bytes',
    ],
  ])('answers 503 to %s, and 200 once the response is right', async (_, change, logged) => {
    await start();
    const token = opaque();
    answer(change);
    const response = await call(token);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('30');
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(tested.logged).toHaveLength(1);
    expect(tested.logged[0]).toContain(logged);
    expect(tested.logged[0]).toContain(`Introspection by the authorization server ${issuer.url}`);
    expect(tested.logged[0]).not.toContain(token);
    answer();
    expect(await status(token)).toBe(200);
  });

  it('decides that a token is not active: 401, but 503 if it is not signed', async () => {
    await start();
    expect(await status('unknown')).toBe(401);
    tested.endpoint.fault = (_, response) => json(response, { active: false });
    expect(await status('unknown')).toBe(503);
  });

  it('is checked before the token, whose requirements are the same as with JSON', async () => {
    await start();
    const response = await call(opaque({ aud: 'https://api.example.com/other' }));
    expect(await response.json()).toMatchObject({
      error_description: 'The access token is not meant for this resource.',
    });
    expect(await status(opaque({ token_type: 'refresh_token' }))).toBe(401);
  });

  it('is not an access token', async () => {
    await start();
    const token = opaque();
    let response = '';
    answer({ jwt: (jwt) => (response = jwt) });
    expect(await status(token)).toBe(200);
    expect(response).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(await status(response)).toBe(401);
    expect(tested.endpoint.count).toBe(1);
  });

  it('is verified with a new key that is not in the cached JWK Set', async () => {
    await start();
    expect(await status(opaque())).toBe(200);
    await issuer.rotate();
    expect(await status(opaque())).toBe(200);
    expect(issuer.count('/jwks')).toBe(2);
  });

  it('is verified with the keys of the options', async () => {
    await start({}, {}, { jwks: { keys: [await issuer.publicJwk()] } });
    expect(await status(opaque())).toBe(200);
    expect(issuer.count('/jwks')).toBe(0);
  });

  it('is verified with the algorithms of the resource alone', async () => {
    await start({}, { jwt: { algorithms: ['RS256'] } });
    expect(await status(opaque())).toBe(503);
    expect(tested.logged[0]).toContain('algorithm ("alg" is unexpected, expected RS256)');
  });

  it('is accepted within the clock tolerance of the resource', async () => {
    await start({}, { jwt: { clockTolerance: 300 } });
    answer(claims((now) => ({ iat: now + 200 })));
    expect(await status(opaque())).toBe(200);
    answer(claims((now) => ({ iat: now - 200 })));
    expect(await status(opaque())).toBe(200);
  });

  it('does not need the claims that its token needs', async () => {
    await start({}, { jwt: { requiredClaims: ['tenant'] } });
    expect(await status(opaque({ tenant: 't1' }))).toBe(200);
    answer(claims({ tenant: 't1' }));
    expect(await status(opaque())).toBe(401);
  });

  it.each<[string, () => void]>([
    [
      'cannot be fetched',
      () => issuer.answer('/jwks', (_, response) => response.writeHead(500).end()),
    ],
    ['are not published', () => (issuer.metadata = { ...issuer.metadata, jwks_uri: undefined })],
  ])('answers 503 if the keys %s', async (_, change) => {
    change();
    await start();
    expect(await status(opaque())).toBe(503);
    expect(tested.logged.join()).toContain('Introspection by the authorization server');
  });

  describe('to a request with a bearer token', () => {
    const bearerToken = 'the-token-of-the-application';
    const outcome = async (audience: string) => {
      answer({ audience });
      return status(opaque());
    };

    it('is for the resource', async () => {
      await start({ clientId: undefined, clientSecret: undefined, bearerToken });
      const outcomes = [await outcome(RESOURCE), await outcome(CLIENT.clientId)];
      expect(outcomes).toEqual([200, 503]);
    });

    it('is for the client of clientId, which is not sent', async () => {
      await start({ clientSecret: undefined, bearerToken });
      const outcomes = [await outcome(CLIENT.clientId), await outcome('tasks-api')];
      expect(outcomes).toEqual([200, 503]);
      const [{ headers, form } = fail()] = tested.endpoint.calls;
      expect(headers.authorization).toBe(`Bearer ${bearerToken}`);
      expect(form.has('client_id')).toBe(false);
    });
  });

  it('is for an audience of the resource, but for no other with dangerouslySkipAudienceCheck', async () => {
    await start({}, { audience: 'api://notes' });
    answer({ audience: 'api://notes' });
    expect(await status(tested.endpoint.issue('api://notes'))).toBe(200);
    await stopApps();
    await start({}, { dangerouslySkipAudienceCheck: true });
    expect(await status(opaque())).toBe(503);
    answer();
    expect(await status(opaque())).toBe(200);
  });

  it('is cached like JSON', async () => {
    await start({ cacheTtl: 30 });
    const token = opaque();
    expect([await status(token), await status(token), tested.endpoint.count]).toEqual([
      200, 200, 1,
    ]);
  });

  it('is not requested by default', async () => {
    await tested.start([introspecting(issuer)]);
    expect(await status(opaque())).toBe(503);
    expect(tested.endpoint.calls[0]?.headers.accept).toBe('application/json');
  });
});

describe('signedResponse of introspection, at start-up', () => {
  const at = 'protectedResources.metadata.authorizationServers[0].introspection';
  const ISSUER = 'https://auth.example.com';
  const endpoint = `${ISSUER}/introspect`;

  it.each<[string, object, string]>([
    [
      'a string',
      { issuer: ISSUER, introspection: { ...SIGNED, signedResponse: 'yes' } },
      '.signedResponse must be true or false',
    ],
    [
      'null',
      { issuer: ISSUER, introspection: { ...SIGNED, signedResponse: null } },
      '.signedResponse must be true or false',
    ],
    [
      'a client that has no effect',
      {
        issuer: ISSUER,
        introspection: { bearerToken: 'a-token', clientId: 'c', signedResponse: false },
      },
      '.clientId has no effect with bearerToken, unless signedResponse is true; remove one of the two',
    ],
    [
      'given metadata without keys',
      { metadata: { issuer: ISSUER }, introspection: { ...SIGNED, endpoint } },
      ' has signedResponse, which needs the keys of the server: "jwks", or else "jwksUri" in "metadata"',
    ],
  ])('%s stops the start', async (_, server, problem) => {
    const failure = await startFailure({ options: options(server) });
    expect(failure?.message).toContain(`${at}${problem}`);
  });

  it.each<[string, () => Promise<object>]>([
    ['jwksUri', async () => ({ metadata: { issuer: ISSUER, jwksUri: `${ISSUER}/jwks` } })],
    [
      'jwks',
      async () => ({
        metadata: { issuer: ISSUER },
        jwks: { keys: [{ ...(await exportJWK(other.publicKey)), alg: 'ES256' }] },
      }),
    ],
  ])('given metadata with %s starts', async (_, server) => {
    const given = { ...(await server()), introspection: { ...SIGNED, endpoint } };
    expect(await startFailure({ options: options(given) })).toBeUndefined();
    await stopApps();
  });

  describe('with discovery: eager', () => {
    const tested = IntrospectedApp.use('express');

    it('a server without keys stops the start', async () => {
      const { issuer } = tested;
      issuer.metadata = { ...issuer.metadata, jwks_uri: undefined };
      const started = tested.start(
        [introspecting(issuer, { signedResponse: true })],
        {},
        { discovery: 'eager' },
      );
      await expect(started).rejects.toThrow('publishes no JWK Set');
    });
  });
});

function options(server: object): McpAuthModuleOptions {
  const metadata = { resource: RESOURCE, authorizationServers: [server] };
  return { protectedResources: { metadata } } as unknown as McpAuthModuleOptions;
}

function base64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function withPayload(jwt: string, content: unknown): string {
  const [head, , signature] = jwt.split('.');
  return [head, base64(content), signature].join('.');
}

function fail(): never {
  throw new Error('It is not there.');
}
