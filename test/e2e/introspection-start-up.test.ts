import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type {
  AuthorizationServerOptions,
  IntrospectionOptions,
  McpAuthModuleOptions,
} from 'nestjs-mcp-auth';
import { RESOURCE, startFailure } from '../support/app.js';
import { CLIENT, IntrospectionEndpoint } from '../support/introspection.js';
import { Issuer } from '../support/issuer.js';
import { useIssuer } from '../support/serve.js';

const TASKS = 'https://api.example.com/tasks';

const issuer = useIssuer({ per: 'test' });

beforeEach(() => {
  new IntrospectionEndpoint(issuer);
});

afterEach(() => {
  jest.restoreAllMocks();
});

const introspecting = (
  { url }: Issuer,
  more: Partial<IntrospectionOptions> = {},
): AuthorizationServerOptions => ({ issuer: url, introspection: { ...CLIENT, ...more } });

describe('introspection, at start-up', () => {
  const options = (server: unknown, more: Partial<McpAuthModuleOptions> = {}) => ({
    options: {
      protectedResources: {
        metadata: { resource: RESOURCE, authorizationServers: [server] },
      },
      ...more,
    } as unknown as McpAuthModuleOptions,
  });
  const SECRET = 'hunter2-hunter2';
  const at = 'protectedResources.metadata.authorizationServers[0]';
  const known = { metadata: { issuer: 'https://auth.example.com' } };
  const withEndpoint = { clientId: 'c', endpoint: 'https://auth.example.com/introspect' };
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const rsa = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const pkcs1 = privateKey.export({ type: 'pkcs1', format: 'pem' }) as string;

  it.each<[string, unknown, string]>([
    [
      'no clientId',
      { ...withEndpoint, clientId: undefined, clientSecret: SECRET },
      `${at}.introspection.clientId must be a non-empty string`,
    ],
    [
      'no credentials',
      withEndpoint,
      `${at}.introspection.clientSecret is missing, and so are privateKeyJwt, tlsClientAuth and bearerToken; give one of them. Is an environment variable not set?`,
    ],
    [
      'an empty secret',
      { ...withEndpoint, clientSecret: '' },
      `${at}.introspection.clientSecret must be a non-empty string`,
    ],
    [
      'clientSecret together with privateKeyJwt',
      { ...withEndpoint, clientSecret: SECRET, privateKeyJwt: { key: rsa, alg: 'RS256' } },
      `${at}.introspection.clientSecret contradicts privateKeyJwt; remove one of the two`,
    ],
    [
      'a secret and a bearer token',
      { ...withEndpoint, clientSecret: SECRET, bearerToken: SECRET },
      `${at}.introspection.clientSecret contradicts bearerToken; remove one of the two`,
    ],
    [
      'a key and a bearer token',
      { ...withEndpoint, privateKeyJwt: { key: rsa, alg: 'RS256' }, bearerToken: () => SECRET },
      `${at}.introspection.privateKeyJwt contradicts bearerToken; remove one of the two`,
    ],
    [
      'a client id beside a bearer token',
      { ...withEndpoint, bearerToken: SECRET },
      `${at}.introspection.clientId has no effect with bearerToken, unless signedResponse is true; remove one of the two`,
    ],
    [
      'a method beside a bearer token',
      { ...withEndpoint, clientId: undefined, bearerToken: SECRET, method: 'client_secret_post' },
      `${at}.introspection.method has no effect with bearerToken`,
    ],
    ...[`Bearer ${SECRET}`, `${SECRET}\r\nx: y`, `${SECRET}\n`, '', 1, null, [SECRET]].map(
      (bearerToken): [string, unknown, string] => [
        `a bearer token that is ${JSON.stringify(bearerToken)}`,
        { endpoint: withEndpoint.endpoint, bearerToken },
        `${at}.introspection.bearerToken must be a token without "Bearer" (letters, digits, "-._~+/", then "="), or a function that returns such a token`,
      ],
    ),
    [
      'an unknown method',
      { ...withEndpoint, clientSecret: SECRET, method: 'tls_client_auth' },
      `${at}.introspection.method must be one of: client_secret_basic, client_secret_post`,
    ],
    [
      'a method that does not fit the credentials',
      { ...withEndpoint, method: 'client_secret_post', privateKeyJwt: { key: rsa, alg: 'RS256' } },
      `${at}.introspection.method must be one of: private_key_jwt`,
    ],
    [
      'a negative cacheTtl',
      { ...withEndpoint, clientSecret: SECRET, cacheTtl: -1 },
      `${at}.introspection.cacheTtl must be a number of 0 or more`,
    ],
    [
      'no concurrency',
      { ...withEndpoint, clientSecret: SECRET, maxConcurrent: 0 },
      `${at}.introspection.maxConcurrent must be a whole number above 0`,
    ],
    [
      'a misspelt option',
      { ...withEndpoint, clientSecrets: SECRET },
      `${at}.introspection.clientSecrets is not an option; did you mean "clientSecret"?`,
    ],
    ['a string', `c:${SECRET}`, `${at}.introspection must be an object`],
    ['null', null, `${at}.introspection must be an object`],
    [
      'no endpoint with given metadata',
      { clientId: 'c', clientSecret: SECRET },
      `${at}.introspection needs "endpoint", or else "introspectionEndpoint" in "metadata": if "metadata" is given, no metadata is fetched`,
    ],
    [
      'an endpoint over http:',
      { clientId: 'c', clientSecret: SECRET, endpoint: 'http://auth.example.com' },
      `${at}.introspection needs a valid endpoint: "endpoint" must use https:`,
    ],
    [
      'an endpoint that is null',
      { clientId: 'c', clientSecret: SECRET, endpoint: null },
      `${at}.introspection needs a valid endpoint: "endpoint" must be an absolute URL`,
    ],
    [
      'privateKeyJwt without key',
      { ...withEndpoint, privateKeyJwt: { alg: 'RS256' } },
      `${at}.introspection.privateKeyJwt.key must be a private key: a PEM, a JWK, a CryptoKey or a KeyObject`,
    ],
    [
      'a key of another encoding',
      { ...withEndpoint, privateKeyJwt: { key: pkcs1, alg: 'RS256' } },
      `${at}.introspection.privateKeyJwt.key must be PKCS #8 in PEM, from "-----BEGIN PRIVATE KEY-----" on, if it is a string`,
    ],
    [
      'a key without alg',
      { ...withEndpoint, privateKeyJwt: { key: rsa } },
      `${at}.introspection.privateKeyJwt.alg must be one of: RS256`,
    ],
    [
      'a symmetric alg',
      { ...withEndpoint, privateKeyJwt: { key: rsa, alg: 'HS256' } },
      `${at}.introspection.privateKeyJwt.alg must be one of: RS256`,
    ],
    [
      'an alg that does not suit the key',
      { ...withEndpoint, privateKeyJwt: { key: rsa, alg: 'ES256' } },
      'introspection.privateKeyJwt of the authorization server https://auth.example.com must hold a private key that signs with ES256.',
    ],
    [
      'a malformed PEM key',
      {
        ...withEndpoint,
        privateKeyJwt: { key: `-----BEGIN PRIVATE KEY-----\n${SECRET}`, alg: 'ES256' },
      },
      'must hold a private key that signs with ES256.',
    ],
    [
      'a public key',
      { ...withEndpoint, privateKeyJwt: { key: publicKey, alg: 'RS256' } },
      'must hold a private key that signs with RS256.',
    ],
    [
      'a symmetric JWK as key',
      { ...withEndpoint, privateKeyJwt: { key: { kty: 'oct', k: SECRET }, alg: 'RS256' } },
      'must hold a private key that signs with RS256.',
    ],
  ])('%s stops the start, and the error shows no secret', async (_, introspection, message) => {
    const failure = await startFailure(options({ ...known, introspection }));
    expect(failure?.message).toContain(message);
    for (const secret of [SECRET, rsa.slice(100, 150), pkcs1.slice(100, 150)]) {
      expect(failure?.message).not.toContain(secret);
    }
  });

  it.each<[string, McpAuthModuleOptions]>([
    [
      'next to metadata',
      {
        protectedResources: {
          metadata: { resource: RESOURCE, authorizationServers: ['https://auth.example.com'] },
          introspection: { clientId: 'c', clientSecret: SECRET },
        } as never,
      },
    ],
    [
      'inside metadata, which is published',
      {
        protectedResources: {
          metadata: {
            resource: RESOURCE,
            authorizationServers: ['https://auth.example.com'],
            introspection: { clientId: 'c', clientSecret: SECRET },
          },
        },
      },
    ],
    [
      'under another name',
      options({ issuer: 'https://auth.example.com', client: { clientSecret: SECRET } }).options,
    ],
    [
      'at the authorization server itself',
      options({ issuer: 'https://auth.example.com', clientSecret: SECRET }).options,
    ],
    [
      'at a server that is not in an array',
      {
        protectedResources: {
          metadata: {
            resource: RESOURCE,
            authorizationServers: {
              issuer: 'https://auth.example.com',
              introspection: { clientId: 'c', clientSecret: SECRET },
            } as never,
          },
        },
      },
    ],
  ])('a secret %s stops the start, and the error does not show it', async (_, given) => {
    const failure = await startFailure({ options: given });
    expect(failure?.name).toBe('McpAuthConfigurationError');
    expect(failure?.message).not.toContain(SECRET);
  });

  it('two resources may share a server with introspection, but not configure it differently', async () => {
    const sharing = (other: Partial<IntrospectionOptions>) => ({
      options: {
        protectedResources: [
          { metadata: { resource: RESOURCE, authorizationServers: [introspecting(issuer)] } },
          { metadata: { resource: TASKS, authorizationServers: [introspecting(issuer, other)] } },
        ],
      },
    });
    expect(await startFailure(sharing({}))).toBeUndefined();
    const failure = await startFailure(sharing({ clientSecret: SECRET }));
    expect(failure?.message).toContain('in two different ways');
    expect(failure?.message).not.toContain(SECRET);
  });

  describe('with discovery: eager', () => {
    const eager = (server: AuthorizationServerOptions) =>
      startFailure(options(server, { discovery: 'eager' }));

    it('starts with an introspecting server without a JWK Set', async () => {
      issuer.metadata = { ...issuer.metadata, jwks_uri: undefined };
      expect(await eager(introspecting(issuer))).toBeUndefined();
      expect((await eager(issuer.url))?.message).toContain('publishes no JWK Set');
    });

    it('fetches the JWK Set of an introspecting server that publishes a JWK Set', async () => {
      issuer.answer('/jwks', (_, response) => response.writeHead(500).end());
      expect((await eager(introspecting(issuer)))?.message).toContain('/jwks answered 500');
    });

    it('stops the start if a server publishes no introspection endpoint', async () => {
      issuer.metadata = {};
      expect((await eager(introspecting(issuer)))?.message).toContain('set introspection.endpoint');
    });
  });

  it('logs a warning about introspection over http:', async () => {
    const warnings: string[] = [];
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((text: string) => warnings.push(text));
    await startFailure(
      options({ ...(introspecting(issuer) as object), allowInsecureRequests: true }),
    );
    expect(warnings.join()).toContain('Tokens may be sent to the authorization server');
  });
});
