import dns from 'node:dns/promises';
import { gzipSync } from 'node:zlib';
import { createServer as createTlsServer } from 'node:https';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { fetchServerConfig, type AuthorizationServerOptions } from 'nestjs-mcp-auth';
import { adapters, bearer, RESOURCE, startApp, type AdapterName } from '../support/app.js';
import { badAnswers, gzipBomb } from '../support/faults.js';
import { useIssuer } from '../support/serve.js';
import { SELF_SIGNED } from '../support/self-signed.js';
import { NotesController } from '../support/notes.controller.js';

const TIMEOUT = 500;
/** The milliseconds for at most three candidates, each within the timeout, on a busy machine. */
const TIME_BOUND = 4000;
const MEMORY_BOUND = 32 * 1024 * 1024;

const DOCUMENTS = {
  'a metadata document': [
    '/.well-known/oauth-authorization-server',
    '/.well-known/openid-configuration',
  ],
  'its JWK Set': ['/jwks'],
};

const issuer = useIssuer({ per: 'test' });
let elapsed: number;
let servers: Server[];

beforeAll(() => void gzipBomb());

beforeEach(() => {
  elapsed = 0;
  servers = [];
  const now = performance.now.bind(performance);
  jest.spyOn(performance, 'now').mockImplementation(() => now() + elapsed);
  jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
});

afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
});

const start = (adapter: AdapterName, server: AuthorizationServerOptions) =>
  startApp({
    adapter,
    options: {
      protectedResources: { metadata: { resource: RESOURCE, authorizationServers: [server] } },
      fetchTimeout: TIMEOUT,
    },
    controllers: [NotesController],
  });

const call = async (url: string, claims: Record<string, unknown> = {}) =>
  fetch(`${url}/notes`, bearer(await issuer.mint({ audience: RESOURCE, claims })));

/** Sends one request. Returns its duration and the greatest growth of the memory in use. */
async function measured(request: () => Promise<Response>) {
  const used = () => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const started = Date.now();
  const before = used();
  let most = before;
  const sample = setInterval(() => (most = Math.max(most, used())), 5);
  const response = await request();
  clearInterval(sample);
  return { response, time: Date.now() - started, growth: Math.max(most, used()) - before };
}

async function expectUnavailable(request: () => Promise<Response>): Promise<void> {
  const { response, time, growth } = await measured(request);
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  expect(response.headers.get('www-authenticate')).toBeNull();
  expect(await response.json()).toMatchObject({ error: 'temporarily_unavailable' });
  expect(time).toBeLessThan(TIME_BOUND);
  expect(growth).toBeLessThan(MEMORY_BOUND);
}

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe.each(adapters)('on %s, an authorization server that', (adapter) => {
  const cases = Object.entries(DOCUMENTS).flatMap(([document, paths]) =>
    Object.entries(badAnswers).map(([fault, answer]) => [fault, document, paths, answer] as const),
  );

  it.each(cases)(
    '%s for %s: answers 503 in time, and 200 once the server works again',
    async (...row) => {
      const [, , paths, answer] = row;
      const { url } = await start(adapter, issuer.url);
      paths.forEach((path) => issuer.answer(path, answer));
      await expectUnavailable(() => call(url));
      expect(issuer.requests.filter((path) => path.includes('elsewhere'))).toEqual([]);
      paths.forEach((path) => issuer.answer(path, undefined));
      elapsed += 31_000;
      expect((await call(url)).status).toBe(200);
    },
  );

  it('refuses connections: answers 503 in time', async () => {
    const { url } = await start(adapter, issuer.url);
    await issuer.down();
    await expectUnavailable(() => call(url));
  });

  it.each([
    [
      'has a host name that does not resolve',
      () => Promise.reject(new Error('getaddrinfo ENOTFOUND')),
    ],
    ['has a host name whose look-up never ends', () => new Promise<never>(() => undefined)],
    ['has a host name without an address', () => Promise.resolve([])],
  ])('%s: answers 503 in time', async (_, lookup) => {
    const iss = 'https://auth.example.com';
    const { url } = await start(adapter, iss);
    const realLookup = dns.lookup.bind(dns) as (...args: unknown[]) => Promise<never>;
    jest
      .spyOn(dns, 'lookup')
      .mockImplementation(((host: string, options: unknown) =>
        host === 'auth.example.com' ? lookup() : realLookup(host, options)) as never);
    await expectUnavailable(() => call(url, { iss }));
  });

  it('has a self-signed certificate: answers 503 in time', async () => {
    const answered: string[] = [];
    const server = createTlsServer(SELF_SIGNED, ({ url = '' }, response) => {
      answered.push(url);
      response.end('{}');
    });
    const iss = `https://localhost:${await listen(server)}`;
    const { url } = await start(adapter, iss);
    await expectUnavailable(() => call(url, { iss }));
    expect(answered).toEqual([]);
  });

  it('does not speak TLS: answers 503 in time', async () => {
    const iss = issuer.url.replace('http:', 'https:');
    const { url } = await start(adapter, iss);
    await expectUnavailable(() => call(url, { iss }));
  });

  it('accepts the connection and never speaks TLS: answers 503 in time', async () => {
    const sockets: { destroy: () => void }[] = [];
    const port = await listen(createServer((socket) => sockets.push(socket)));
    const iss = `https://localhost:${port}`;
    const { url } = await start(adapter, iss);
    await expectUnavailable(() => call(url, { iss }));
    sockets.forEach((socket) => socket.destroy());
  });

  it.each<[string, Record<string, unknown>]>([
    ['the issuer of someone else', { issuer: 'https://evil.example.com' }],
    ['no issuer', { issuer: undefined }],
    ['an issuer that is an array', { issuer: ['https://evil.example.com'] }],
    ['a jwks_uri over http:', { jwks_uri: 'http://keys.example.com/jwks' }],
    ['a jwks_uri with the scheme file:', { jwks_uri: 'file:///etc/passwd' }],
    ['a jwks_uri with the scheme data:', { jwks_uri: 'data:application/json,{"keys":[]}' }],
    ['a jwks_uri with a password', { jwks_uri: 'https://user:secret@keys.example.com' }],
    ['a jwks_uri that is an object', { jwks_uri: {} }],
    ['no jwks_uri', { jwks_uri: undefined }],
  ])('publishes %s: answers 503, and fetches no keys', async (_, metadata) => {
    issuer.metadata = metadata;
    const { url } = await start(adapter, issuer.url);
    await expectUnavailable(() => call(url));
    expect(issuer.count('/jwks')).toBe(0);
  });

  it('publishes deeply nested extra fields: answers 200', async () => {
    const deep = '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000);
    const jwk = JSON.stringify(await issuer.publicJwk()).slice(0, -1);
    issuer.answer('/jwks', (_, response) => response.end(`{"keys":[${jwk},"deep":${deep}}]}`));
    issuer.answer('/.well-known/openid-configuration', (_, response) =>
      response.end(`{"issuer":"${issuer.url}","jwks_uri":"${issuer.url}/jwks","deep":${deep}}`),
    );
    const { url } = await start(adapter, issuer.url);
    expect((await call(url)).status).toBe(200);
    // The second fetch makes the library compare the new document with the cached one.
    const known = issuer.kid;
    issuer.kid = 'unknown';
    expect((await call(url)).status).toBe(401);
    issuer.kid = known;
    expect((await call(url, { sub: 'bob' })).status).toBe(200);
  });
});

describe('the body of a document', () => {
  it.each(['sends a body of 60 MB', 'sends a body without end'])(
    'is not read beyond 1 MiB from a server that %s',
    async (fault) => {
      let written = 0;
      for (const path of DOCUMENTS['a metadata document']) {
        issuer.answer(path, (request, response) => {
          const write = response.write.bind(response);
          response.write = ((chunk: string) => {
            written += chunk.length;
            return write(chunk);
          }) as never;
          badAnswers[fault]?.(request, response);
        });
      }
      await expect(fetchServerConfig(issuer.url)).rejects.toThrow('more than 1048576 bytes');
      expect(written).toBeLessThan(24 * 1024 * 1024);
    },
  );

  it('is requested without compression', async () => {
    const accepted: unknown[] = [];
    issuer.answer('/.well-known/oauth-authorization-server', (request, response) => {
      accepted.push(request.headers['accept-encoding']);
      response.writeHead(404).end();
    });
    await fetchServerConfig(issuer.url);
    expect(accepted).toEqual(['identity']);
  });

  it('is rejected if compressed, even if it is small and valid', async () => {
    issuer.answer('/.well-known/openid-configuration', (_, response) =>
      response
        .writeHead(200, { 'content-encoding': 'gzip' })
        .end(gzipSync(JSON.stringify({ issuer: issuer.url }))),
    );
    await expect(fetchServerConfig(issuer.url)).rejects.toThrow('answered with a Content-Encoding');
  });
});
