import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import type { NetworkOptions } from 'nestjs-mcp-auth';
import { Agent, fetch as undiciFetch } from 'undici';
import {
  adapters,
  bearer,
  oneResource,
  RESOURCE,
  startApp,
  startFailure,
  stopApps,
} from '../support/app.js';
import { ForwardProxy } from '../support/forward-proxy.js';
import { Issuer } from '../support/issuer.js';
import { OTHER_SELF_SIGNED, SELF_SIGNED } from '../support/self-signed.js';
import { TlsFront } from '../support/tls-front.js';

@Controller('notes')
class NotesController {
  @Get() list() {
    return [];
  }
}

let issuer: Issuer;
/** The issuer's documents over TLS, with a certificate of a private authority. */
let tls: TlsFront;
let proxy: ForwardProxy;

beforeAll(async () => {
  proxy = await ForwardProxy.start();
  issuer = await Issuer.start();
  tls = await TlsFront.start(issuer);
});
afterEach(async () => {
  await stopApps();
  proxy.seen.length = 0;
  delete process.env.HTTPS_PROXY;
  delete process.env.NO_PROXY;
});
afterAll(async () => {
  tls.stop();
  await proxy.stop();
  await issuer.down();
});

describe.each(adapters)('the option network, on %s', (adapter) => {
  const start = async (network?: NetworkOptions) => {
    const { url } = await startApp({
      adapter,
      options: { ...oneResource(tls.url), network },
      controllers: [NotesController],
    });
    const token = await issuer.mint({ audience: RESOURCE, claims: { iss: tls.url } });
    return (await fetch(`${url}/notes`, bearer(token))).status;
  };
  const ca = SELF_SIGNED.cert;
  const host = () => new URL(tls.url).host;

  it('neither trusts a private authority nor uses a proxy by default', async () => {
    process.env.HTTPS_PROXY = proxy.url;
    expect(await start()).toBe(503);
    expect(proxy.seen).toEqual([]);
  });

  it.each<[string, string | string[]]>([
    ['one', ca],
    ['several', [OTHER_SELF_SIGNED.cert, ca]],
  ])('trusts a private authority with ca: %s', async (_, given) => {
    expect(await start({ ca: given })).toBe(200);
    expect(proxy.seen).toEqual([]);
  });

  it('uses the named proxy', async () => {
    expect(await start({ proxy: proxy.url, ca })).toBe(200);
    expect(new Set(proxy.seen)).toEqual(new Set([host()]));
  });

  it('uses the proxy of the environment', async () => {
    process.env.HTTPS_PROXY = proxy.url;
    expect(await start({ proxy: 'environment', ca })).toBe(200);
    expect(new Set(proxy.seen)).toEqual(new Set([host()]));
  });

  it('bypasses the proxy for NO_PROXY hosts', async () => {
    process.env.HTTPS_PROXY = proxy.url;
    process.env.NO_PROXY = 'localhost';
    expect(await start({ proxy: 'environment', ca })).toBe(200);
    expect(proxy.seen).toEqual([]);
  });

  it('does not trust a server behind a proxy that it would not trust directly', async () => {
    expect(await start({ proxy: proxy.url })).toBe(503);
  });

  it('answers 503 if the proxy is unreachable', async () => {
    const gone = await ForwardProxy.start();
    await gone.stop();
    expect(await start({ proxy: 'http://127.0.0.1:9', ca })).toBe(503);
  });

  it('can be a fetch function of the application', async () => {
    const dispatcher = new Agent({ connect: { ca } });
    const asked: string[] = [];
    const own = (async (input: URL, init: object) => {
      asked.push(input.pathname);
      return undiciFetch(input, { ...init, dispatcher });
    }) as unknown as typeof fetch;
    expect(await start({ fetch: own })).toBe(200);
    expect(asked).toContain('/jwks');
    await dispatcher.close();
  });

  it.each<[string, (init: RequestInit) => Response | Promise<Response>]>([
    ['a redirect', () => new Response(null, { status: 302, headers: { location: '/' } })],
    ['a body without an end', () => new Response('x'.repeat(2 * 1024 * 1024))],
    ['compression', () => new Response('{}', { headers: { 'content-encoding': 'gzip' } })],
    ['no body', () => new Response(null)],
    ['an error', () => Promise.reject(new TypeError('fetch failed'))],
  ])('checks what such a fetch function returns: %s', async (_, answer) => {
    const own = (async (_input: unknown, init: RequestInit) => answer(init)) as typeof fetch;
    expect(await start({ fetch: own })).toBe(503);
  });
});

describe('invalid network options stop the start', () => {
  it.each<[string, unknown, RegExp]>([
    [
      'a SOCKS proxy',
      { proxy: 'socks5://a' },
      /network\.proxy must be 'environment', or the http:/,
    ],
    ['a proxy that is true', { proxy: true }, /network\.proxy must be 'environment'/],
    ['a malformed certificate', { ca: 'x' }, /network\.ca .*must be a certificate in PEM/],
    ['no certificate', { ca: [] }, /network\.ca /],
    ['a fetch that is not a function', { fetch: true }, /network\.fetch must be a function/],
    [
      'fetch together with proxy',
      { fetch, proxy: 'environment' },
      /network\.proxy has no effect with "fetch"/,
    ],
    ['a misspelt option', { poxy: 'environment' }, /did you mean "proxy"/],
  ])('%s', async (_, network, problem) => {
    const options = { ...oneResource('https://auth.example.com'), network: network as never };
    expect((await startFailure({ options }))?.message).toMatch(problem);
  });
});
