import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import fc from 'fast-check';
import {
  fetchServerConfig,
  McpAuthConfigurationError,
  TokenVerifier,
  type McpAuthModuleOptions,
} from 'nestjs-mcp-auth';
import { McpAuthModuleSettings } from '../../lib/options/mcp-auth-module.options.js';
import { nestedOptions } from '../../lib/options/validation/nested.js';
import { createApp, RESOURCE, stopApps } from '../support/app.js';
import { secret } from '../support/leaks/secret.js';
import { nearly, nearlyUrl, TIME_LIMIT } from './arbitraries.js';

const ISSUER = 'https://auth.example.com';

type Path = readonly string[];

/** Returns the paths of all options of a class. */
function pathsOf(type: Type<object>, parent: Path = []): Path[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  const names = [...new Set(metadata.map(({ propertyName }) => propertyName))];
  return names.flatMap((name) => {
    const path = [...parent, name];
    const nested = nestedOptions(type, name);
    const within = name === 'authorizationServers' ? [...path, '0'] : path;
    return nested ? [path, within, ...pathsOf(nested.type({}), within)] : [path];
  });
}

const PATHS = [...pathsOf(McpAuthModuleSettings), ['guard'], ['controller']];

const base = () => ({
  protectedResources: {
    metadata: { resource: RESOURCE, authorizationServers: [{ issuer: ISSUER }] },
  },
});

/** Returns the options with this value at a path. Objects on the path are made if they are missing. */
function withValue(options: object, path: Path, value: unknown): object {
  const [name = '', ...rest] = path;
  const copy = (Array.isArray(options) ? [...(options as unknown[])] : { ...options }) as Record<
    string,
    unknown
  >;
  const within = copy[name];
  copy[name] =
    rest.length === 0
      ? value
      : withValue(typeof within === 'object' && within !== null ? within : {}, rest, value);
  return copy;
}

const at = (options: object, path: Path): unknown =>
  path.reduce<unknown>(
    (value, name) => (value as Record<string, unknown> | undefined)?.[name],
    options,
  );

class Verifier extends TokenVerifier {
  override verify() {
    return { issuer: ISSUER };
  }
}

const cyclic: Record<string, unknown> = { a: 1 };
cyclic.self = cyclic;

const value = fc.oneof(
  { weight: 3, arbitrary: nearlyUrl },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...['', ' ', '*', 'off', 'required', 'on-demand', 'oidc', 'ES256', 'HS256', 'header', 'a b'],
      ...[true, false, null, undefined, 0, -0, -1, 1, 60, 1.5, NaN, Infinity, 2 ** 53, 10n],
      ...[[], {}, [''], [null], [undefined], [[]], ['read'], { a: ['a'] }, { a: ['b'], b: ['a'] }],
      ...[
        Symbol('x'),
        () => 1,
        class Empty {
          readonly member = 1;
        },
        Verifier,
        new Verifier(),
        new Map([['a', 1]]),
        new Date(),
      ],
      ...[cyclic, [cyclic], new Date(NaN), /x/, new Error('x'), Buffer.from('x'), new WeakMap()],
      ...[new Array(3), Object.create(null), Promise.resolve(), new URL(ISSUER), Object('x')],
    ) as fc.Arbitrary<unknown>,
  },
  { weight: 1, arbitrary: nearly(fc.constantFrom('S256', 'realm_access', 'max-age', ISSUER)) },
  {
    weight: 2,
    arbitrary: fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
    }),
  },
);

/** Valid options with one to three changes. */
const options = fc
  .array(fc.tuple(fc.constantFrom(...PATHS), value), { minLength: 1, maxLength: 3 })
  .map((changes) =>
    changes.reduce<object>((all, [path, given]) => withValue(all, path, given), base()),
  );

/** Starts an application. Returns the error, or `undefined` if the application starts. */
async function boot(given: unknown): Promise<unknown> {
  try {
    const app = await createApp({ adapter: 'express', options: given as McpAuthModuleOptions });
    await app.init();
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await stopApps();
  }
}

afterEach(stopApps);

describe('the options of the module', () => {
  it('are all covered by this test', () => {
    expect(PATHS.length).toBeGreaterThan(60);
    expect(PATHS.map((path) => path.join('.'))).toEqual(
      expect.arrayContaining([
        'protectedResources.metadata.authorizationServers.0.introspection.clientSecret',
        'protectedResources.dpop.nonceSecret',
        'tokenCache.ttl',
      ]),
    );
  });

  it(
    'with any values start the application, or the error says what is wrong',
    async () => {
      let started = 0;
      await fc.assert(
        fc.asyncProperty(options, async (given) => {
          const error = await boot(given);
          if (error === undefined) {
            started++;
            return;
          }
          expect(error).toBeInstanceOf(McpAuthConfigurationError);
          const { message } = error as Error;
          expect(message.length).toBeLessThan(5000);
        }),
      );
      expect(started).toBeGreaterThan(0);
    },
    TIME_LIMIT,
  );
});

describe('a secret among the options', () => {
  const SECRET = secret('s3cr3t-of-a-client-that-nobody-sees');
  const server = ['protectedResources', 'metadata', 'authorizationServers', '0'];
  const introspection = [...server, 'introspection'];
  const key = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: SECRET };
  const pem = `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----`;

  /** The places where a secret belongs, and those where users put it by mistake. */
  const places: [path: Path, value: unknown][] = [
    [[...introspection, 'clientSecret'], SECRET],
    [[...introspection, 'client_secret'], SECRET],
    [[...introspection, 'clientSecrets'], [SECRET]],
    [introspection, { clientId: 'a', clientSecret: SECRET, method: 'basic' }],
    [introspection, { clientId: 'a', clientSecret: SECRET, privateKeyJwt: { key } }],
    [introspection, { clientId: '', clientSecret: SECRET }],
    [introspection, `client:${SECRET}`],
    [introspection, [SECRET]],
    [[...introspection, 'endpoint'], `https://client:${SECRET}@auth.example.com/introspect`],
    [[...introspection, 'privateKeyJwt'], { key: pem, alg: 'ES256' }],
    [[...introspection, 'privateKeyJwt'], { key, alg: 'RS256' }],
    [[...introspection, 'privateKeyJwt'], { key: { ...key, kty: 'oct', k: SECRET } }],
    [[...introspection, 'privateKeyJwt'], pem],
    [[...introspection, 'privateKeyJwt', 'kid'], { key }],
    [[...server, 'clientSecret'], SECRET],
    [[...server, 'issuer'], `https://user:${SECRET}@auth.example.com`],
    [[...server, 'metadataUrl'], `https://user:${SECRET}@auth.example.com/metadata`],
    [server, `https://user:${SECRET}@auth.example.com`],
    [server, { metadata: { issuer: ISSUER, jwksUri: `https://u:${SECRET}@auth.example.com` } }],
    [server.slice(0, -1), Array(2).fill(`https://user:${SECRET}@auth.example.com`)],
    [['protectedResources', 'metadata', 'resource'], `https://user:${SECRET}@api.example.com`],
    [['protectedResources', 'metadata', 'resourceTosUri'], `https://:${SECRET}@example.com`],
    [['protectedResources', 'metadata', 'clientSecret'], SECRET],
    [['protectedResources', 'metadata', 'introspection'], { clientId: 'a', clientSecret: SECRET }],
    [['protectedResources', 'introspection'], { clientId: 'a', clientSecret: SECRET }],
    [['protectedResources', 'clientSecret'], SECRET],
    [['protectedResources', 'allowedOrigins'], [`https://user:${SECRET}@app.example.com`]],
    [['protectedResources', 'dpop', 'nonceSecret'], SECRET],
    [['protectedResources', 'dpop'], { mode: 'accepted', nonce: true, nonceSecret: [SECRET] }],
    [['protectedResources', 'dpop', 'publicUrl'], `https://user:${SECRET}@api.example.com`],
    [['protectedResources', 'jwt', 'secret'], SECRET],
    [['introspection'], { clientSecret: SECRET }],
    [['clientSecret'], SECRET],
    [['store'], `redis://user:${SECRET}@redis.example.com:6379`],
    [['store'], `redis://:${SECRET}@redis.example.com:6379`],
    [['store'], { password: SECRET }],
    [['store'], { options: { password: SECRET } }],
    [['store'], SECRET],
  ];

  it(
    'appears in no message and no log, for any other mistakes',
    async () => {
      const changed = fc.tuple(fc.constantFrom(...PATHS), value);
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...places),
          fc.option(changed, { nil: undefined }),
          async ([path, given], change) => {
            const all = change ? withValue(base(), ...change) : base();
            const options = withValue(all, path, given);
            const error = await boot(options);
            expect(at(options, path)).toBe(given);
            // The leak detector looks at what was logged.
            expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(SECRET);
          },
        ),
        { numRuns: Math.max(places.length * 3, fc.readConfigureGlobal().numRuns ?? 0) },
      );
    },
    TIME_LIMIT,
  );

  it.each(places)('at %j appears in no message and no log', async (path, given) => {
    const error = await boot(withValue(base(), path, given));
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(SECRET);
  });

  it('is not published', async () => {
    const path = ['protectedResources', 'metadata', 'clientSecret'];
    expect(await boot(withValue(base(), path, SECRET))).toMatchObject({
      message: expect.stringContaining('metadata.clientSecret looks like a secret') as unknown,
    });
  });

  it('in the URL of an issuer is not shown by fetchServerConfig()', async () => {
    const failure = fetchServerConfig(`https://user:${SECRET}@auth.example.com`);
    await expect(failure).rejects.toThrow('must not contain a user name or password');
    await expect(failure).rejects.not.toThrow(SECRET);
  });
});
