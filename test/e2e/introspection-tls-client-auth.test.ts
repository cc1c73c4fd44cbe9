import { createPrivateKey } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type {
  IntrospectionOptions,
  McpAuthModuleOptions,
  NetworkOptions,
  TlsClientAuthOptions,
} from 'nestjs-mcp-auth';
import { adapters, RESOURCE, startFailure, stopApps } from '../support/app.js';
import { ForwardProxy } from '../support/forward-proxy.js';
import { IntrospectedApp } from '../support/introspected-app.js';
import { IntrospectionEndpoint } from '../support/introspection.js';
import { json } from '../support/issuer.js';
import { secret } from '../support/leaks/secret.js';
import {
  EXPIRED_SELF_SIGNED,
  OTHER_SELF_SIGNED as OWN,
  SELF_SIGNED,
} from '../support/self-signed.js';
import { TlsFront } from '../support/tls-front.js';

const METADATA = '/.well-known/oauth-authorization-server';
const PASSPHRASE = secret('the-passphrase-of-the-key');
const encrypted = (type: 'pkcs8' | 'sec1') =>
  createPrivateKey(OWN.key)
    .export({ type, format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE })
    .toString();

describe.each(adapters)('tlsClientAuth for introspection, on %s', (adapter) => {
  const tested = IntrospectedApp.use(adapter);
  const { issuer, status } = tested;
  let front: TlsFront;
  let proxy: ForwardProxy;

  beforeEach(async () => {
    front = await TlsFront.start(issuer);
    proxy = await ForwardProxy.start({ tls: true });
  });

  afterEach(async () => {
    front.stop();
    await proxy.stop();
    delete process.env.HTTPS_PROXY;
    delete process.env.NO_PROXY;
  });

  const start = (
    introspection: Partial<IntrospectionOptions> = {},
    network: NetworkOptions = {},
    server: object = { issuer: front.url },
    module: Partial<McpAuthModuleOptions> = {},
  ) =>
    tested.start(
      [
        {
          ...server,
          introspection: {
            clientId: 'notes-api',
            tlsClientAuth: OWN,
            cacheTtl: 0,
            ...introspection,
          },
        } as never,
      ],
      {},
      { network: { ca: SELF_SIGNED.cert, ...network }, ...module },
    );
  const opaque = () => tested.endpoint.issue(RESOURCE);
  const jwt = () => issuer.mint({ audience: RESOURCE, claims: { iss: front.url } });

  const expectOnlyEndpointSeesIt = () => {
    const { '/introspect': atEndpoint, ...elsewhere } = Object.fromEntries(front.presented);
    expect(atEndpoint).toEqual(['CN=client']);
    expect(new Set(Object.values(elsewhere).flat())).toEqual(new Set([undefined]));
  };

  it('presents the certificate to the endpoint alone, with the client id in the form', async () => {
    await start();
    expect([await status(opaque()), await status(await jwt())]).toEqual([200, 200]);
    expect([...front.presented.keys()]).toEqual(expect.arrayContaining([METADATA, '/jwks']));
    expectOnlyEndpointSeesIt();
    const [{ headers, form } = fail()] = tested.endpoint.calls;
    expect(headers.authorization).toBeUndefined();
    expect([form.get('client_id'), form.has('client_secret')]).toEqual(['notes-api', false]);
  });

  it.each<[string, TlsClientAuthOptions, IntrospectionOptions['method']]>([
    [
      'an encrypted key in PKCS #8',
      { ...OWN, key: encrypted('pkcs8'), passphrase: PASSPHRASE },
      undefined,
    ],
    [
      'an encrypted key in SEC 1',
      { ...OWN, key: encrypted('sec1'), passphrase: PASSPHRASE },
      undefined,
    ],
    ['a chain', { ...OWN, cert: `${OWN.cert}\n${SELF_SIGNED.cert}` }, 'tls_client_auth'],
    ['method: self_signed_tls_client_auth', OWN, 'self_signed_tls_client_auth'],
  ])('presents the certificate with %s', async (_, tlsClientAuth, method) => {
    await start({ tlsClientAuth, method });
    expect(await status(opaque())).toBe(200);
    expect(front.presented.get('/introspect')).toEqual(['CN=client']);
  });

  it('presents an expired certificate that is self-signed', async () => {
    await start({ tlsClientAuth: EXPIRED_SELF_SIGNED, method: 'self_signed_tls_client_auth' });
    expect(await status(opaque())).toBe(200);
  });

  it('answers 503 if the endpoint rejects the certificate in the handshake', async () => {
    const strict = await TlsFront.start(issuer, { ca: SELF_SIGNED.cert });
    const metadata = {
      issuer: front.url,
      introspectionEndpoint: `${strict.url}/introspect`,
      jwksUri: `${front.url}/jwks`,
    };
    await start({}, {}, { metadata });
    expect(await status(opaque())).toBe(503);
    expect(tested.logged[0]).toMatch(/introspect could not be reached \(E\w+\)/);
    expect(tested.endpoint.count).toBe(0);
    strict.stop();
  });

  describe('with mtls_endpoint_aliases', () => {
    let alias: IntrospectionEndpoint;

    beforeEach(() => {
      alias = new IntrospectionEndpoint(issuer, '/mtls');
      issuer.metadata = {
        introspection_endpoint: tested.endpoint.url,
        mtls_endpoint_aliases: { introspection_endpoint: alias.url },
      };
    });

    it('asks the alias', async () => {
      await start();
      expect(await status(alias.issue(RESOURCE))).toBe(200);
      expect(tested.endpoint.count).toBe(0);
    });

    it('takes metadata with the alias alone for complete', async () => {
      const mtls_endpoint_aliases = { introspection_endpoint: alias.url };
      issuer.answer(METADATA, (_, response) =>
        json(response, { issuer: issuer.url, mtls_endpoint_aliases }),
      );
      await start();
      expect(await status(alias.issue(RESOURCE))).toBe(200);
      expect(issuer.count('openid-configuration')).toBe(0);
    });

    it('asks the alias in given metadata', async () => {
      const metadata = {
        issuer: front.url,
        introspectionEndpoint: `${front.url}/introspect`,
        mtlsEndpointAliases: { introspection_endpoint: `${front.url}/mtls` },
      };
      await start({}, {}, { metadata });
      expect(await status(alias.issue(RESOURCE))).toBe(200);
    });

    it('asks the endpoint of the options', async () => {
      await start({ endpoint: `${front.url}/introspect` });
      expect(await status(opaque())).toBe(200);
      expect(alias.count).toBe(0);
    });

    it('does not ask the alias without a certificate', async () => {
      await start({ tlsClientAuth: undefined, clientSecret: 'a-secret-of-the-client' });
      expect(await status(opaque())).toBe(200);
      expect(alias.count).toBe(0);
    });

    it.each<[string, unknown]>([
      ['lack the endpoint', {}],
      ['have null', { introspection_endpoint: null }],
      ['are a string', 'introspection_endpoint'],
      ['are null', null],
    ])('asks the usual endpoint if the aliases %s', async (_, mtls_endpoint_aliases) => {
      issuer.metadata = { ...issuer.metadata, mtls_endpoint_aliases };
      await start();
      expect(await status(opaque())).toBe(200);
    });

    it.each<[string, unknown]>([
      ['an http: URL on loopback', 'http://localhost:9/introspect'],
      ['a path', '/introspect'],
      ['a number', 1],
    ])('answers 503 if the alias is %s', async (_, introspection_endpoint) => {
      issuer.metadata = { ...issuer.metadata, mtls_endpoint_aliases: { introspection_endpoint } };
      await start();
      expect(await status(opaque())).toBe(503);
      expect(tested.logged[0]).toContain(
        '"mtls_endpoint_aliases.introspection_endpoint" must be an https: URL, because tlsClientAuth',
      );
      expect(tested.endpoint.count).toBe(0);
    });
  });

  describe('through a proxy', () => {
    const expectOnlyTunnels = () => {
      expectOnlyEndpointSeesIt();
      expect(proxy.presented).toEqual([]);
      expect(new Set(proxy.seen)).toEqual(new Set([new URL(front.url).host]));
    };

    it('presents the certificate to the server, not to the proxy', async () => {
      await start({}, { proxy: proxy.url });
      expect(await status(opaque())).toBe(200);
      expectOnlyTunnels();
    });

    it('presents the certificate through the proxy that the environment named at start-up', async () => {
      process.env.HTTPS_PROXY = proxy.url;
      await start({}, { proxy: 'environment' });
      delete process.env.HTTPS_PROXY;
      expect(await status(opaque())).toBe(200);
      expectOnlyTunnels();
    });

    it('presents the certificate to a server that the environment excepted from the proxy', async () => {
      process.env.HTTPS_PROXY = proxy.url;
      process.env.NO_PROXY = 'localhost';
      await start({}, { proxy: 'environment' });
      delete process.env.NO_PROXY;
      expect(await status(opaque())).toBe(200);
      expectOnlyEndpointSeesIt();
      expect(proxy.seen).toEqual([]);
    });

    it('closes the connection after each answer', async () => {
      await start({}, { proxy: proxy.url });
      await status(opaque());
      await status(opaque());
      await proxy.closed(2);
    });

    it('answers 503 and closes the connection if the answer does not come in time', async () => {
      await start({}, { proxy: proxy.url }, undefined, { fetchTimeout: 1000 });
      tested.endpoint.fault = () => undefined;
      expect(await status(opaque())).toBe(503);
      await proxy.closed(1);
    });
  });
});

describe('tlsClientAuth for introspection, at start-up', () => {
  afterEach(stopApps);

  const options = (introspection: object, module: Partial<McpAuthModuleOptions> = {}) => ({
    options: {
      protectedResources: {
        metadata: {
          resource: RESOURCE,
          authorizationServers: [
            {
              metadata: { issuer: 'https://auth.example.com' },
              introspection: {
                clientId: 'notes-api',
                endpoint: 'https://auth.example.com/introspect',
                ...introspection,
              },
            },
          ],
        },
      },
      ...module,
    } as McpAuthModuleOptions,
  });
  const failureOf = async (introspection: object, module?: Partial<McpAuthModuleOptions>) =>
    (await startFailure(options(introspection, module)))?.message;
  const at = 'protectedResources.metadata.authorizationServers[0].introspection';
  const withLiteralBreaks = (pem: string) => pem.replaceAll('\n', '\\n');

  it.each<[string, object, string]>([
    ['no certificate', { key: OWN.key }, 'cert must be a certificate in PEM'],
    ['no key', { cert: OWN.cert }, 'key must be a private key in PEM: "-----BEGIN PRIVATE KEY'],
    ['a key as certificate', { ...OWN, cert: OWN.key }, 'cert must be a certificate in PEM'],
    ['a certificate as key', { ...OWN, key: OWN.cert }, 'key must be a private key in PEM'],
    ['an object as key', { ...OWN, key: Object.create(null) as object }, 'key must be a private'],
    [
      'a certificate with literal \\n',
      { ...OWN, cert: withLiteralBreaks(OWN.cert) },
      'cert must be a certificate in PEM: "-----BEGIN CERTIFICATE-----…", with real line breaks in place of "\\n"',
    ],
    [
      'a key with literal \\n',
      { ...OWN, key: withLiteralBreaks(OWN.key) },
      'key must be a private key in PEM: "-----BEGIN PRIVATE KEY-----…", with real line breaks in place of "\\n"',
    ],
    ['another key', { ...OWN, key: SELF_SIGNED.key }, 'key is not the key of "cert"'],
    [
      'a chain that breaks off',
      { ...OWN, cert: `${OWN.cert}\n-----BEGIN CERTIFICATE-----\nMIIB` },
      'key cannot be used for TLS with "cert" (ERR_OSSL_PEM_',
    ],
    [
      'an encrypted key without passphrase',
      { ...OWN, key: encrypted('pkcs8') },
      'key is encrypted; give its "passphrase" too',
    ],
    [
      'an encrypted key in SEC 1 without passphrase',
      { ...OWN, key: encrypted('sec1') },
      'key is encrypted; give its "passphrase" too',
    ],
    [
      'another passphrase',
      { ...OWN, key: encrypted('pkcs8'), passphrase: 'another' },
      'key cannot be decrypted with "passphrase"',
    ],
    [
      'an empty passphrase',
      { ...OWN, key: encrypted('pkcs8'), passphrase: '' },
      'passphrase must be a non-empty string',
    ],
    [
      'a passphrase without effect',
      { ...OWN, passphrase: PASSPHRASE },
      'passphrase has no effect, because "key" is not encrypted; remove it',
    ],
    ['a misspelt option', { ...OWN, certs: OWN.cert }, 'certs is not an option; did you mean'],
  ])('%s stops the start, and the error shows no secret', async (_, tlsClientAuth, problem) => {
    const message = await failureOf({ tlsClientAuth });
    expect(message).toContain(`${at}.tlsClientAuth.${problem}`);
    for (const hidden of [OWN.key.slice(60, 90), PASSPHRASE, encrypted('pkcs8').slice(60, 90)]) {
      expect(message).not.toContain(hidden);
    }
  });

  it.each<[string, object, string]>([
    [
      'an expired certificate',
      { tlsClientAuth: EXPIRED_SELF_SIGNED },
      'tlsClientAuth has a certificate that expired (Jan  1 00:00:00 2021 GMT); renew it',
    ],
    [
      'a secret beside the certificate',
      { tlsClientAuth: OWN, clientSecret: 'a-secret' },
      'clientSecret contradicts tlsClientAuth; remove one of the two',
    ],
    [
      'a bearer token beside the certificate',
      { tlsClientAuth: OWN, bearerToken: 'a-token', clientId: undefined },
      'tlsClientAuth contradicts bearerToken; remove one of the two',
    ],
    [
      'a method of a secret',
      { tlsClientAuth: OWN, method: 'client_secret_post' },
      'method must be one of: tls_client_auth, self_signed_tls_client_auth',
    ],
    [
      'no client',
      { tlsClientAuth: OWN, clientId: undefined },
      'clientId must be a non-empty string',
    ],
    ['null', { tlsClientAuth: null }, 'tlsClientAuth must be an object'],
    ['a PEM', { tlsClientAuth: OWN.cert + OWN.key }, 'tlsClientAuth must be an object'],
  ])('%s stops the start', async (_, introspection, problem) => {
    expect(await failureOf(introspection)).toContain(`${at}.${problem}`);
  });

  it('an endpoint without TLS stops the start, also on loopback', async () => {
    const endpoint = 'http://localhost:9/introspect';
    expect(await failureOf({ tlsClientAuth: OWN, endpoint })).toContain(
      `${at} needs a valid endpoint: "endpoint" must be an https: URL, because tlsClientAuth authenticates the client by TLS`,
    );
  });

  it('network.fetch stops the start, as it makes its own connections', async () => {
    expect(await failureOf({ tlsClientAuth: OWN }, { network: { fetch } })).toBe(
      'introspection.tlsClientAuth of the authorization server https://auth.example.com cannot be passed to network.fetch, which makes its own connections; remove one of the two. For a proxy or a private certificate authority, use network.proxy and network.ca.',
    );
  });

  it('a certificate and its key start', async () => {
    expect(await failureOf({ tlsClientAuth: OWN })).toBeUndefined();
  });
});

function fail(): never {
  throw new Error('It is not there.');
}
