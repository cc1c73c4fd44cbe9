import { request as httpRequest } from 'node:http';
import { connect } from 'node:http2';
import { request as httpsRequest } from 'node:https';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import fc from 'fast-check';
import {
  McpAuthModule,
  type ClientCertificateFormat,
  type ProtectedResourceOptions,
} from 'nestjs-mcp-auth';
import { certificateProblem } from '../../lib/possession/client-certificate/certificate-problem.js';
import { certificateThumbprint } from '../../lib/possession/client-certificate/client-certificate.js';
import { resolveClientCertificatePolicy } from '../../lib/possession/client-certificate/client-certificate-policy.js';
import { adapters, oneResource, RESOURCE, startApp, stopApps } from '../support/app.js';
import { DpopKey } from '../support/dpop/key.js';
import { NotesController } from '../support/dpop/laboratory.js';
import { derOf as der, x5tOf } from '../support/forwarded-certificate.js';
import { Issuer } from '../support/issuer.js';
import { useIssuer } from '../support/serve.js';
import { OTHER_SELF_SIGNED as CLIENT, SELF_SIGNED as SERVER } from '../support/self-signed.js';

const x5t = (pem: string) => x5tOf(der(pem));
const bound = { cnf: { 'x5t#S256': x5t(CLIENT.cert) } };
const base64 = der(CLIENT.cert).toString('base64');
const pem = encodeURIComponent(`${CLIENT.cert}\n`);

const NO_PROOF =
  'The access token is bound to a key, but the request does not prove possession of it.';
const UNCHECKED = 'The access token is bound in a way that this resource cannot check.';

type Headers = Record<string, string | string[]>;
type Identity = typeof CLIENT;

/** Returns the status, and the description of a rejection. */
async function get(url: string, headers: Headers, identity?: Identity) {
  const { hostname, port, protocol } = new URL(url);
  const target = { hostname, port, path: '/notes', headers: headers as Record<string, string> };
  const request =
    protocol === 'https:'
      ? httpsRequest({ ...target, ...identity, ca: SERVER.cert, agent: false })
      : httpRequest({ ...target, agent: false });
  return new Promise<[number | undefined, string | undefined]>((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      json(response).then((body) => {
        const { error_description: description } = body as { error_description?: string };
        resolve([response.statusCode, description]);
      }, reject);
    });
    request.end();
  });
}

describe.each(adapters)('tokens that are bound to a client certificate, on %s', (adapter) => {
  const issuer = useIssuer();
  afterEach(stopApps);

  const mint = async (claims: Record<string, unknown> = bound) =>
    issuer.mint({ audience: RESOURCE, claims });
  const bearer = async (claims?: Record<string, unknown>, more: Headers = {}) => ({
    authorization: `Bearer ${await mint(claims)}`,
    ...more,
  });
  const start = async (resource: Partial<ProtectedResourceOptions>, isTls = true) => {
    const httpsOptions = { ...SERVER, requestCert: true, rejectUnauthorized: false };
    const { app } = await startApp({
      adapter,
      options: oneResource(issuer.url, resource),
      controllers: [NotesController],
      nest: isTls ? { httpsOptions } : {},
    });
    const { port } = new URL(await app.getUrl());
    return `${isTls ? 'https' : 'http'}://localhost:${port}`;
  };

  describe('in the TLS connection', () => {
    it.each([
      ['the certificate that the token is bound to', CLIENT, 200, undefined],
      ['another certificate', SERVER, 401, NO_PROOF],
      ['no certificate', undefined, 401, NO_PROOF],
    ])('are answered as expected with %s', async (_name, identity, status, description) => {
      const url = await start({ clientCertificate: 'tls' });
      expect(await get(url, await bearer(), identity)).toEqual([status, description]);
    });

    it.each([
      ['with a certificate', CLIENT],
      ['without a certificate', undefined],
    ])('do not change that an unbound token is accepted %s', async (_name, identity) => {
      const url = await start({ clientCertificate: 'tls' });
      expect(await get(url, await bearer({}), identity)).toEqual([200, undefined]);
    });

    it('are checked for each request, though the token is cached', async () => {
      const url = await start({ clientCertificate: 'tls' });
      const headers = await bearer();
      const statuses = [];
      for (const identity of [CLIENT, SERVER, undefined, CLIENT]) {
        statuses.push((await get(url, headers, identity))[0]);
      }
      expect(statuses).toEqual([200, 401, 401, 200]);
    });

    it('are not proved by a header without the option "header"', async () => {
      const url = await start({ clientCertificate: 'tls' });
      const headers = await bearer(bound, { 'client-cert': `:${base64}:` });
      expect(await get(url, headers, SERVER)).toEqual([401, NO_PROOF]);
    });

    it('are rejected without TLS', async () => {
      const url = await start({ clientCertificate: 'tls' }, false);
      expect(await get(url, await bearer())).toEqual([401, NO_PROOF]);
    });

    it('need the DPoP proof as well, if the token is bound to a certificate and a DPoP key', async () => {
      const key = await DpopKey.make();
      const url = await start({ clientCertificate: 'tls', dpop: 'accepted' });
      const token = await mint({ cnf: { ...bound.cnf, jkt: key.jkt } });
      const proved = async () => ({
        authorization: `DPoP ${token}`,
        dpop: await key.proof(token),
      });
      expect(await get(url, await proved(), CLIENT)).toEqual([200, undefined]);
      expect(await get(url, await proved(), SERVER)).toEqual([401, NO_PROOF]);
      expect(await get(url, { authorization: `Bearer ${token}` }, CLIENT)).toEqual([401, NO_PROOF]);
    });

    it('do not replace DPoP if DPoP is required', async () => {
      const url = await start({ clientCertificate: 'tls', dpop: 'required' });
      const description = 'The access token is not bound to a key by DPoP.';
      expect(await get(url, await bearer(), CLIENT)).toEqual([401, description]);
    });
  });

  describe('with the certificate in a header of a proxy', () => {
    const trustedProxies = ['10.0.0.0/8', '127.0.0.1', '::1'];
    const formats: [ClientCertificateFormat | undefined, string][] = [
      [undefined, `:${base64}:`],
      ['rfc9440', `:${base64}:`],
      ['url-encoded-pem', pem],
      ['url-encoded-pem', pem.replaceAll('%2B', '+').replaceAll('%2F', '/').replaceAll('%3D', '=')],
      ['base64-der', base64],
    ];

    it.each(formats)('are accepted in the format %s', async (format, value) => {
      const clientCertificate = { header: 'X-Client-Cert', format, trustedProxies };
      const url = await start({ clientCertificate }, false);
      const headers = await bearer(bound, { 'x-client-cert': value });
      expect(await get(url, headers)).toEqual([200, undefined]);
    });

    it.each([
      ['is not sent', 'rfc9440', undefined],
      ['is empty', 'rfc9440', ''],
      ['is sent twice', 'rfc9440', [`:${base64}:`, `:${base64}:`]],
      ['holds another certificate', 'rfc9440', `:${der(SERVER.cert).toString('base64')}:`],
      ['is base64 without colons', 'rfc9440', base64],
      ['is PEM instead of base64', 'base64-der', pem],
      ['is base64 instead of PEM', 'url-encoded-pem', base64],
      ['is cut short', 'base64-der', base64.slice(0, -8)],
      ['holds two certificates', 'base64-der', `${base64},${base64}`],
      ['is not percent-encoded', 'url-encoded-pem', `%${pem}`],
      ['is percent-encoded where it must not be', 'rfc9440', encodeURIComponent(`:${base64}:`)],
    ] as const)('are rejected if the header %s', async (_name, format, value) => {
      const clientCertificate = { header: 'Client-Cert', format, trustedProxies };
      const url = await start({ clientCertificate }, false);
      const sent: Headers = value === undefined ? {} : { 'client-cert': value as string };
      expect(await get(url, await bearer(bound, sent))).toEqual([401, NO_PROOF]);
    });

    describe('whose certificate cannot be read', () => {
      let warnings: string[];
      beforeEach(() => {
        warnings = [];
        jest.spyOn(Logger.prototype, 'warn').mockImplementation((message) => {
          warnings.push(String(message));
        });
      });
      afterEach(() => {
        jest.restoreAllMocks();
      });

      const told = async (
        clientCertificate: ProtectedResourceOptions['clientCertificate'],
        value: string | string[] | undefined,
        host = 'localhost',
      ) => {
        const url = await start({ clientCertificate }, false);
        warnings.length = 0;
        const sent: Headers = value === undefined ? {} : { 'client-cert': value };
        for (let count = 0; count < 3; count += 1) {
          const answer = await get(url.replace('localhost', host), await bearer(bound, sent));
          expect(answer).toEqual([401, NO_PROOF]);
        }
        const PREFIX = 'A token that is bound to a client certificate was rejected: ';
        expect(warnings).toEqual([expect.stringContaining(PREFIX)]);
        return warnings[0]?.slice(PREFIX.length);
      };

      it.each<[string, ClientCertificateFormat, string | string[] | undefined, string]>([
        [
          'the header is missing',
          'rfc9440',
          undefined,
          'the request has no header "client-cert"; the client',
        ],
        ['the header is empty', 'rfc9440', '', 'does not have the format "rfc9440"; it is empty'],
        [
          'the header is sent twice',
          'rfc9440',
          [`:${base64}:`, `:${base64}:`],
          'it contains a comma: it may be',
        ],
        [
          'PEM in the format rfc9440',
          'rfc9440',
          pem,
          'it has the format "url-encoded-pem": set clientCertificate.f',
        ],
        [
          'base64 in the format url-encoded-pem',
          'url-encoded-pem',
          base64,
          'it has the format "base64-der": set',
        ],
        [
          'rfc9440 in the format base64-der',
          'base64-der',
          `:${base64}:`,
          'it has the format "rfc9440": set',
        ],
        [
          'no known format',
          'rfc9440',
          '\u009b31m$evil',
          'does not have the format "rfc9440"; it cannot be',
        ],
        [
          'the certificate is cut short',
          'base64-der',
          base64.slice(0, -8),
          'but contains no X.509 certificate.',
        ],
        [
          'another certificate',
          'rfc9440',
          `:${der(SERVER.cert).toString('base64')}:`,
          `the request shows another certificate (its x5t#S256 is ${x5t(SERVER.cert)})`,
        ],
      ])('log the reason once for the operator: %s', async (_, format, value, message) => {
        const text = await told({ header: 'Client-Cert', format, trustedProxies }, value);
        expect(text).toContain(message);
        expect(text).not.toContain('evil');
      });

      it('log which address is not a trusted proxy', async () => {
        const policy = { header: 'Client-Cert', trustedProxies: ['10.0.0.0/8'] };
        expect(await told(policy, `:${base64}:`, '127.0.0.1')).toMatch(
          /came from (::ffff:)?127\.0\.0\.1, which trustedProxies does not name; add this address if it is that of the proxy/,
        );
      });

      it('log that ::1 is this machine by IPv6, if only 127.0.0.1 is trusted', () => {
        const request = { 'client-cert': `:${base64}:` };
        const problem = (remoteAddress: string | undefined, proxy: string) =>
          certificateProblem(
            { headers: request, socket: { remoteAddress } },
            resolveClientCertificatePolicy({ header: 'Client-Cert', trustedProxies: [proxy] }) ??
              'tls',
          );
        expect(problem('::1', '127.0.0.1')).toContain(
          '::1, which trustedProxies does not name, though it names 127.0.0.1: both are this machine',
        );
        for (const address of ['127.0.0.1', '::ffff:127.0.0.1']) {
          expect(problem(address, '::1')).toContain('though it names ::1: both are this machine');
        }
        expect(problem('::1', '10.0.0.1')).toContain('add this address if it is that of the proxy');
        expect(problem('10.0.0.2', '127.0.0.1')).toContain(
          'add this address if it is that of the proxy',
        );
        expect(problem(undefined, '127.0.0.1')).toContain('such as a Unix socket');
        expect(problem('::ffff:127.0.0.1', '127.0.0.1')).toContain('another certificate');
      });

      it('log that the connection has no TLS', async () => {
        expect(await told('tls', `:${base64}:`)).toContain('the connection is not TLS; where TLS');
      });

      it('log that TLS had no certificate or another certificate', async () => {
        const url = await start({ clientCertificate: 'tls' });
        warnings.length = 0;
        for (const identity of [undefined, SERVER, undefined]) {
          expect((await get(url, await bearer(), identity))[0]).toBe(401);
        }
        expect(warnings).toEqual([
          expect.stringContaining('the client showed no certificate; requestCert: true must be'),
          expect.stringContaining('the request shows another certificate'),
        ]);
      });
    });

    it('are rejected if the sender of the header is not a trusted proxy', async () => {
      const clientCertificate = { header: 'Client-Cert', trustedProxies: ['10.0.0.0/8'] };
      const url = await start({ clientCertificate }, false);
      const forwarded = { 'client-cert': `:${base64}:`, 'x-forwarded-for': '10.0.0.1' };
      expect(await get(url, await bearer(bound, forwarded))).toEqual([401, NO_PROOF]);
    });

    it('are rejected if any byte of the certificate is changed', async () => {
      const clientCertificate = { header: 'Client-Cert', trustedProxies };
      const url = await start({ clientCertificate }, false);
      const token = await bearer();
      const certificate = der(CLIENT.cert);
      const send = async (bytes: Buffer) =>
        (await get(url, { ...token, 'client-cert': `:${bytes.toString('base64')}:` }))[0];
      await fc.assert(
        fc.asyncProperty(
          fc.nat({ max: certificate.length - 1 }),
          fc.integer({ min: 1, max: 255 }),
          async (at, by) => {
            const changed = Buffer.from(certificate);
            changed[at] = (changed[at] ?? 0) ^ by;
            return (await send(changed)) === 401;
          },
        ),
      );
      expect(await send(certificate)).toBe(200);
    });

    it('are not proved by the TLS certificate of the proxy itself', async () => {
      const clientCertificate = { header: 'Client-Cert', trustedProxies };
      const url = await start({ clientCertificate });
      expect(await get(url, await bearer(), CLIENT)).toEqual([401, NO_PROOF]);
    });
  });

  it('are rejected if clientCertificate is not configured', async () => {
    const url = await start({});
    expect(await get(url, await bearer(), CLIENT)).toEqual([401, UNCHECKED]);
  });

  it.each([1, '', null])('are rejected with the thumbprint %p', async (thumbprint) => {
    const url = await start({ clientCertificate: 'tls' });
    const headers = await bearer({ cnf: { 'x5t#S256': thumbprint } });
    expect(await get(url, headers, CLIENT)).toEqual([401, UNCHECKED]);
  });

  it.each([
    ['tls', true],
    [{ header: 'Client-Cert', trustedProxies: ['10.0.0.1'] }, true],
    [undefined, undefined],
  ] as const)(
    'are announced in the metadata with the option %j: %p',
    async (clientCertificate, published) => {
      const options = oneResource(issuer.url, { clientCertificate: clientCertificate as 'tls' });
      const { url } = await startApp({ adapter, options });
      const metadata = await fetch(`${url}/.well-known/oauth-protected-resource/notes`);
      const document = (await metadata.json()) as Record<string, unknown>;
      expect(document.tls_client_certificate_bound_access_tokens).toBe(published);
    },
  );
});

it('a client certificate is read over HTTP/2', async () => {
  const issuer = await Issuer.start();
  const module = await Test.createTestingModule({
    imports: [McpAuthModule.forRoot(oneResource(issuer.url, { clientCertificate: 'tls' }))],
    controllers: [NotesController],
  }).compile();
  const https = { ...SERVER, requestCert: true, rejectUnauthorized: false };
  const adapter = new FastifyAdapter({ http2: true, https } as never);
  const app = module.createNestApplication(adapter, { logger: false });
  await app.listen(0, '127.0.0.1');
  const { port } = new URL(await app.getUrl());
  const token = await issuer.mint({ audience: RESOURCE, claims: bound });
  const statuses = [];
  for (const identity of [CLIENT, SERVER]) {
    const session = connect(`https://localhost:${port}`, { ...identity, ca: SERVER.cert });
    const stream = session.request({ ':path': '/notes', authorization: `Bearer ${token}` });
    statuses.push(
      await new Promise((resolve, reject) => {
        stream.on('response', (headers) => resolve(headers[':status']));
        stream.on('error', reject);
      }),
    );
    session.destroy();
  }
  await app.close();
  await issuer.down();
  expect(statuses).toEqual([200, 401]);
});

it.each([
  ['10.1.2.3', true],
  ['::ffff:10.1.2.3', true],
  ['192.0.2.7', true],
  ['2001:db8::1', true],
  ['11.1.2.3', false],
  ['::ffff:192.0.2.8', false],
  ['2001:db9::1', false],
  ['', false],
  [undefined, false],
])('a proxy at %s is trusted: %p', (remoteAddress, isTrusted) => {
  const policy = resolveClientCertificatePolicy({
    header: 'Client-Cert',
    trustedProxies: ['10.0.0.0/8', '192.0.2.7', '2001:db8::/32'],
  });
  const request = { headers: { 'client-cert': `:${base64}:` }, socket: { remoteAddress } };
  const found = policy && certificateThumbprint(request, policy);
  expect(found).toBe(isTrusted ? x5t(CLIENT.cert) : undefined);
});

it.each(['tls', { header: 'Client-Cert', trustedProxies: ['10.0.0.0/8'] }] as const)(
  'a request without a connection shows no certificate, by %j',
  (options) => {
    const policy = resolveClientCertificatePolicy(options as 'tls');
    const request = { headers: { 'client-cert': `:${base64}:` } };
    expect(policy && certificateThumbprint(request, policy)).toBeUndefined();
  },
);
