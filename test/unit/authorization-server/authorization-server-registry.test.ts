import { getMaxListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { McpAuthConfigurationError, McpAuthEvents } from 'nestjs-mcp-auth';
import { AuthorizationServerRegistry } from '../../../lib/authorization-server/authorization-server-registry.js';
import { AuthorizationServerResolverSettings } from '../../../lib/options/authorization-server-resolver.js';
import type { McpAuthModuleSettings } from '../../../lib/options/mcp-auth-module.options.js';

const RESOURCE = 'https://api.example.com/mcp';
const ONE = 'https://one.example.com';
const TWO = 'https://two.example.com';
const ABOUT = { issuer: ONE, document: 'metadata' } as const;

const resolver = Object.assign(new AuthorizationServerResolverSettings(), {
  resolver: () => undefined,
});

const resourceOf = (authorizationServers: unknown[], resource = RESOURCE) => {
  return { metadata: { resource, authorizationServers } };
};

/** Makes a registry from validated options. */
const registry = (...protectedResources: object[]) =>
  new AuthorizationServerRegistry(
    { protectedResources } as McpAuthModuleSettings,
    new McpAuthEvents(),
  );

let warnings: jest.SpiedFunction<Logger['warn']>;

beforeEach(() => {
  warnings = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('the registry of authorization servers', () => {
  it('contains the servers given as a string and as an object', () => {
    const servers = registry(resourceOf([ONE, { issuer: TWO, type: 'oidc' }]));
    expect(servers.issuers).toEqual([ONE, TWO]);
    expect(servers.get(ONE)).toMatchObject({ issuer: ONE, options: { issuer: ONE } });
    expect(servers.get(TWO)).toMatchObject({ issuer: TWO, options: { issuer: TWO, type: 'oidc' } });
  });

  it('throws for an unknown issuer, and lists the known issuers', () => {
    const attempt = () => registry(resourceOf([ONE, TWO])).get('https://three.example.com');
    expect(attempt).toThrow(McpAuthConfigurationError);
    expect(attempt).toThrow(
      `No protected resource names the authorization server "https://three.example.com"; add it to metadata.authorizationServers. Known: ${ONE}, ${TWO}.`,
    );
  });

  it('allows any number of listeners on its closing signal', () => {
    const { closing = AbortSignal.abort() } = registry(resourceOf([ONE])).get(ONE).bounds;
    expect(getMaxListeners(closing)).toBe(Infinity);
  });

  it('prefers the server that the resource itself holds', () => {
    const servers = registry(resourceOf([ONE]));
    const own = servers.prepare(ONE);
    expect(servers.serverFor(ONE, { servers: new Map([[ONE, own]]) })).toBe(own);
    expect(servers.serverFor(ONE, {})).toBe(servers.get(ONE));
  });

  it('leaves out issuers with a {tenant} placeholder', () => {
    const perTenant = registry(
      resourceOf(['https://{tenant}.example.com', ONE], `${RESOURCE}/{tenant}`),
    );
    expect(perTenant.issuers).toEqual([ONE]);
  });

  it.each<[string, boolean, unknown[], string]>([
    ['issuers that are all named', false, [ONE], RESOURCE],
    ['a resource for each tenant', true, [ONE], `${RESOURCE}/{tenant}`],
    ['a resolver', true, [resolver], RESOURCE],
  ])('acceptsUnnamed: with %s it is %p', (_, acceptsUnnamed, servers, resource) => {
    expect(registry(resourceOf(servers, resource)).acceptsUnnamed).toBe(acceptsUnnamed);
  });

  it('acceptsUnnamed is true if one of several resources accepts tenants', () => {
    const tenants = resourceOf([ONE], `${RESOURCE}/{tenant}`);
    expect(registry(resourceOf([ONE]), tenants).acceptsUnnamed).toBe(true);
  });

  it('logs a warning for each server with allowPrivateNetwork, in the context McpAuthModule', async () => {
    const contexts: unknown[] = [];
    warnings.mockImplementation(function (this: Logger) {
      contexts.push((this as unknown as { context?: string }).context);
    });
    const servers = registry(resourceOf([ONE, { issuer: TWO, allowPrivateNetwork: true }]));
    await servers.onModuleInit();
    expect(warnings.mock.calls).toEqual([[expect.stringContaining(TWO)]]);
    servers.prepare({ issuer: ONE, allowPrivateNetwork: true });
    expect(warnings.mock.calls[1]).toEqual([expect.stringContaining(ONE)]);
    expect(contexts).toEqual(['McpAuthModule', 'McpAuthModule']);
  });

  it('aborts fetches when the application closes, and does not log the aborted fetches', async () => {
    const servers = registry(resourceOf([ONE]));
    const { closing } = servers.get(ONE).bounds;
    const fails = () => Promise.reject(new Error('down'));
    await expect(servers.cacheDocument(ABOUT, fails).get()).rejects.toThrow('down');
    expect(warnings).toHaveBeenCalledTimes(1);
    expect(closing?.aborted).toBe(false);
    await servers.onModuleDestroy();
    await expect(servers.cacheDocument(ABOUT, fails).get()).rejects.toThrow('down');
    expect(warnings).toHaveBeenCalledTimes(1);
    expect(closing?.aborted).toBe(true);
  });
});
