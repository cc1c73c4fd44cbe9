import dns from 'node:dns/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import {
  fetchServerConfig,
  fetchServerConfigByWellKnownUrl,
  InvalidAuthorizationServerMetadataError,
  McpAuthConfigurationError,
  type AuthorizationServerOptions,
} from 'nestjs-mcp-auth';
import {
  adapters,
  bearer,
  RESOURCE,
  startApp,
  startFailure,
  type AdapterName,
} from '../support/app.js';
import { json } from '../support/issuer.js';
import { useIssuer } from '../support/serve.js';
import { NotesController } from '../support/notes.controller.js';

const PUBLIC = '203.0.113.7';
const PRIVATE = '10.1.2.3';
const HERE = '127.0.0.1';

const issuer = useIssuer({ per: 'test' });
let port: string;
let warnings: string[];
let environment: string | undefined;

beforeEach(() => {
  environment = process.env.NODE_ENV;
  warnings = [];
  jest.spyOn(Logger.prototype, 'warn').mockImplementation((text: string) => warnings.push(text));
  port = new URL(issuer.url).port;
});

afterEach(() => {
  process.env.NODE_ENV = environment;
  jest.restoreAllMocks();
});

/**
 * Replaces DNS for these names. If a name has a list of addresses, each look-up returns the next address, and later
 * look-ups return the last address. An empty address stands for a name that cannot be resolved.
 */
function names(addresses: Record<string, string | string[]>): void {
  const real = dns.lookup.bind(dns) as (...args: unknown[]) => Promise<unknown>;
  const answers = new Map(Object.entries(addresses).map(([host, list]) => [host, [list].flat()]));
  jest.spyOn(dns, 'lookup').mockImplementation((async (host: string, options: unknown) => {
    const left = answers.get(host);
    if (left === undefined) {
      return real(host, options);
    }
    const address = (left.length > 1 ? left.shift() : left[0]) ?? '';
    if (address === '') {
      throw new Error('ENOTFOUND');
    }
    return address
      .split(' ')
      .map((each) => ({ address: each, family: each.includes(':') ? 6 : 4 }));
  }) as never);
}

const trusting = (server: AuthorizationServerOptions) => ({
  protectedResources: { metadata: { resource: RESOURCE, authorizationServers: [server] } },
  fetchTimeout: 1000,
});

async function statusWith(
  adapter: AdapterName,
  server: AuthorizationServerOptions,
  iss: string,
): Promise<number> {
  const { url } = await startApp({
    adapter,
    options: trusting(server),
    controllers: [NotesController],
  });
  const token = await issuer.mint({ audience: RESOURCE, claims: { iss } });
  return (await fetch(`${url}/notes`, bearer(token))).status;
}

describe.each(adapters)('on %s, the keys of an issuer', (adapter) => {
  /** Returns options with metadata that names keys at another host than the issuer. */
  const keysElsewhere = (iss: string, more = {}): AuthorizationServerOptions => ({
    metadata: { issuer: iss, jwksUri: `http://keys.example.com:${port}/jwks` },
    allowInsecureRequests: true,
    ...more,
  });
  const ISSUER = 'https://auth.example.com';

  it.each([
    ['at a public address and on this machine', PUBLIC, HERE],
    ['at a public address and on a private network', PUBLIC, PRIVATE],
    [
      'at a public address and at both a public and a private address',
      PUBLIC,
      `${PUBLIC} ${PRIVATE}`,
    ],
    ['at a public address and on this machine by IPv6', PUBLIC, '::ffff:127.0.0.1'],
    ['at a public address and at a cloud metadata service', PUBLIC, '169.254.169.254'],
    ['on a private network and on this machine', PRIVATE, HERE],
    ['on a private network and at a cloud metadata service', PRIVATE, '169.254.169.254'],
    [
      'at both a public and a private address and on a private network',
      `${PRIVATE} ${PUBLIC}`,
      PRIVATE,
    ],
  ])('are not requested (503) with the issuer and the keys %s', async (_, issuerAt, keysAt) => {
    names({ 'auth.example.com': issuerAt, 'keys.example.com': keysAt });
    expect(await statusWith(adapter, keysElsewhere(ISSUER), ISSUER)).toBe(503);
    expect(warnings.join()).toContain('set allowPrivateNetwork');
    expect(issuer.requests).toEqual([]);
  });

  it('are not requested from this machine (503) if the issuer’s host cannot be resolved', async () => {
    names({ 'auth.example.com': '', 'keys.example.com': HERE });
    expect(await statusWith(adapter, keysElsewhere(ISSUER), ISSUER)).toBe(503);
    expect(issuer.requests).toEqual([]);
  });

  it('are fetched from this machine for a public issuer with allowPrivateNetwork', async () => {
    names({ 'auth.example.com': PUBLIC, 'keys.example.com': HERE });
    const server = keysElsewhere(ISSUER, { allowPrivateNetwork: true });
    expect(await statusWith(adapter, server, ISSUER)).toBe(200);
    expect(warnings.slice(0, 2)).toEqual([
      expect.stringContaining('(allowInsecureRequests)'),
      expect.stringContaining('(allowPrivateNetwork)'),
    ]);
  });

  it('are fetched from this machine for an issuer on this machine', async () => {
    names({ 'auth.example.com': HERE, 'keys.example.com': HERE });
    expect(await statusWith(adapter, keysElsewhere(ISSUER), ISSUER)).toBe(200);
  });

  it.each([
    '10.1.2.3',
    '169.254.169.254',
    '[fd00:ec2::254]',
    '127.0.0.1',
    '[::1]',
    'localhost',
    '2130706433',
  ])('are not requested (503) for a public issuer from the host %s', async (host) => {
    names({ 'auth.example.com': PUBLIC });
    const server: AuthorizationServerOptions = {
      metadata: { issuer: ISSUER, jwksUri: `https://${host}:${port}/jwks` },
    };
    expect(await statusWith(adapter, server, ISSUER)).toBe(503);
    expect(warnings.join()).toContain('set allowPrivateNetwork');
  });

  it('are fetched from an internal name that is the issuer’s own', async () => {
    const iss = `http://auth.corp.internal:${port}`;
    names({ 'auth.corp.internal': HERE });
    issuer.metadata = { issuer: iss, jwks_uri: `${iss}/jwks` };
    const server = { issuer: iss, allowInsecureRequests: true };
    expect(await statusWith(adapter, server, iss)).toBe(200);
  });

  it('are not requested (503) if the issuer’s public name resolves to this machine the next time (DNS rebinding)', async () => {
    const iss = `http://auth.example.com:${port}`;
    names({ 'auth.example.com': [PUBLIC, HERE] });
    issuer.metadata = { issuer: iss, jwks_uri: `${iss}/jwks` };
    const server = { issuer: iss, allowInsecureRequests: true };
    expect(await statusWith(adapter, server, iss)).toBe(503);
    expect(issuer.requests).toEqual([]);
  });

  it('are requested from the address that was checked, not from a later look-up', async () => {
    names({ 'auth.example.com': HERE, 'keys.example.com': [HERE, PRIVATE] });
    expect(await statusWith(adapter, keysElsewhere(ISSUER), ISSUER)).toBe(200);
    expect(dns.lookup).toHaveBeenCalledTimes(2);
  });

  it('cost one DNS look-up while the name server hangs, however many tokens come', async () => {
    let end = (): void => undefined;
    const hanging = new Promise<never>((_, reject) => {
      end = () => reject(new Error('EAI_AGAIN'));
    });
    jest.spyOn(dns, 'lookup').mockImplementation(() => hanging);
    const introspection = {
      clientId: 'api',
      clientSecret: 'secret',
      endpoint: `${ISSUER}/introspect`,
    };
    const { url } = await startApp({
      adapter,
      options: { ...trusting({ issuer: ISSUER, introspection }), fetchTimeout: 200 },
      controllers: [NotesController],
    });
    const statuses = async (from: string) => {
      const tokens = Array.from({ length: 70 }, (_, index) => `${from}-${index}`);
      const responses = await Promise.all(
        tokens.map((token) => fetch(`${url}/notes`, bearer(token))),
      );
      return new Set(responses.map(({ status }) => status));
    };
    expect(await statuses('first')).toEqual(new Set([503]));
    expect(await statuses('second')).toEqual(new Set([503]));
    expect(dns.lookup).toHaveBeenCalledTimes(1);
    end();
    expect(await statuses('third')).toEqual(new Set([503]));
    expect(jest.mocked(dns.lookup).mock.calls.length).toBeGreaterThan(1);
  });

  it('are not fetched over http: without allowInsecureRequests', async () => {
    const iss = issuer.url;
    names({ 'keys.example.com': HERE });
    issuer.metadata = { jwks_uri: `http://keys.example.com:${port}/jwks` };
    expect(await statusWith(adapter, { issuer: iss }, iss)).toBe(503);
    expect(issuer.count('/jwks')).toBe(0);
    expect(await statusWith(adapter, { issuer: iss, allowInsecureRequests: true }, iss)).toBe(200);
  });

  it('are not fetched from a file:, even with allowInsecureRequests', async () => {
    issuer.metadata = { jwks_uri: 'file:///etc/passwd' };
    const server = { issuer: issuer.url, allowInsecureRequests: true };
    expect(await statusWith(adapter, server, issuer.url)).toBe(503);
    expect(warnings.join()).toContain('must use the scheme https: or http:, not file:');
  });
});

describe('a metadata document of an issuer at a public address', () => {
  const options = () => ({
    issuer: 'https://auth.example.com',
    metadataUrl: `http://localhost:${port}/metadata`,
  });

  beforeEach(() => {
    names({ 'auth.example.com': PUBLIC });
    issuer.answer('/metadata', (_, response) =>
      json(response, { issuer: 'https://auth.example.com', jwks_uri: `${issuer.url}/jwks` }),
    );
  });

  it('is not fetched from this machine without allowPrivateNetwork', async () => {
    const iss = options().issuer;
    expect(await statusWith('express', options(), iss)).toBe(503);
    expect(issuer.requests).toEqual([]);
    const allowing = { ...options(), allowPrivateNetwork: true };
    expect(await statusWith('express', allowing, iss)).toBe(200);
  });

  it('is not fetched from this machine by fetchServerConfigByWellKnownUrl() without allowPrivateNetwork', async () => {
    const { issuer: iss, metadataUrl } = options();
    await expect(fetchServerConfigByWellKnownUrl(metadataUrl, { issuer: iss })).rejects.toThrow(
      InvalidAuthorizationServerMetadataError,
    );
    const allowing = { issuer: iss, allowPrivateNetwork: true };
    const { metadata } = await fetchServerConfigByWellKnownUrl(metadataUrl, allowing);
    expect(metadata.issuer).toBe(iss);
  });

  it('is not fetched over http: by fetchServerConfig() without allowInsecureRequests', async () => {
    const iss = `http://auth.corp.internal:${port}`;
    names({ 'auth.corp.internal': HERE });
    issuer.metadata = { issuer: iss };
    await expect(fetchServerConfig(iss)).rejects.toThrow(McpAuthConfigurationError);
    const { metadata } = await fetchServerConfig(iss, { allowInsecureRequests: true });
    expect(metadata.issuer).toBe(iss);
  });
});

describe('at start-up, the connection options', () => {
  const warningsOf = async (server: AuthorizationServerOptions, nodeEnv?: string) => {
    process.env.NODE_ENV = nodeEnv ?? 'test';
    expect(await startFailure({ options: trusting(server) })).toBeUndefined();
    return warnings.filter((warning) => warning.includes('authorization server'));
  };

  it.each([
    ['an issuer on loopback, in development', 'http://localhost:1', 'development', []],
    ['an https: issuer, in production', 'https://auth.example.com', 'production', []],
    ['an issuer on loopback', 'http://localhost:1', 'production', ['NODE_ENV']],
    ['an https: issuer on loopback', 'https://127.0.0.1:1', 'production', ['NODE_ENV']],
    [
      'an http: issuer',
      { issuer: 'http://auth.example.com', allowInsecureRequests: true },
      'production',
      ['allowInsecureRequests', 'NODE_ENV'],
    ],
    [
      'given metadata with both options',
      {
        metadata: { issuer: 'http://auth.example.com', jwksUri: 'http://keys.example.com' },
        allowInsecureRequests: true,
        allowPrivateNetwork: true,
      },
      'test',
      ['allowInsecureRequests', 'allowPrivateNetwork'],
    ],
  ])('log a warning for each risk: %s', async (_, server, nodeEnv, expected) => {
    const found = await warningsOf(server, nodeEnv);
    expect(found).toEqual(expected.map((part) => expect.stringContaining(part)));
  });

  it.each<[string, unknown, string]>([
    ['an http: issuer', 'http://auth.example.com', 'issuer must use https:'],
    [
      'an http: metadataUrl',
      { issuer: 'https://a.example.com', metadataUrl: 'http://a.example.com' },
      'metadataUrl must use https:',
    ],
    [
      'an http: jwksUri',
      { metadata: { issuer: 'https://a.example.com', jwksUri: 'http://a.example.com' } },
      '"jwksUri" must use https:',
    ],
    [
      'an ftp: issuer, even if http: is allowed',
      { issuer: 'ftp://a.example.com', allowInsecureRequests: true },
      'issuer must use the scheme https: or http:, not ftp:',
    ],
    [
      'a string instead of true',
      { issuer: 'https://a.example.com', allowPrivateNetwork: 'yes' },
      'allowPrivateNetwork must be true or false',
    ],
    [
      'a number instead of true',
      { issuer: 'https://a.example.com', allowInsecureRequests: 1 },
      'allowInsecureRequests must be true or false',
    ],
  ])('stop the start: %s', async (_, server, message) => {
    const failure = await startFailure({ options: trusting(server as AuthorizationServerOptions) });
    expect(failure).toBeInstanceOf(McpAuthConfigurationError);
    expect(failure?.message).toContain(message);
  });

  it('stop the start if two resources set them differently for one issuer', async () => {
    const resources = [{}, { allowPrivateNetwork: true }].map((more, index) => ({
      metadata: {
        resource: `${RESOURCE}/${index}`,
        authorizationServers: [{ issuer: 'https://auth.example.com', ...more }],
      },
    }));
    const failure = await startFailure({ options: { protectedResources: resources } });
    expect(failure?.message).toContain('in two different ways');
  });

  it.each([-1, 604_801, '60', Infinity, null])(
    'stop the start: staleIfError %p',
    async (staleIfError) => {
      const options = { ...trusting(issuer.url), staleIfError: staleIfError as number };
      expect((await startFailure({ options }))?.message).toContain('staleIfError must be');
    },
  );
});
