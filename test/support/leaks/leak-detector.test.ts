import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { UnsecuredJWT } from 'jose';
import { LeakDetector } from './leak-detector.js';
import { watchHttp } from './watch-http.js';
import { watchOutput } from './watch-output.js';

/** A secret that only the detectors in these tests know. If the detector of this file knew it, the file would fail. */
const SECRET = 'a-secret-that-only-this-test-knows';
/** A secret that the detector of this file learns as well, so no test is allowed to print it. */
const PRESENTED = 'a-secret-that-goes-over-the-wire';

let detector: LeakDetector;
let stop: () => void;

beforeEach(() => {
  Logger.overrideLogger(false);
  detector = new LeakDetector();
  const stops = [
    watchHttp(detector, () => 'a test'),
    watchOutput((by, text) => detector.addOutput(by, text)),
  ];
  stop = () => stops.forEach((one) => one());
});

afterEach(() => stop());

describe('the leak detector', () => {
  it.each<[string, () => unknown]>([
    ['in a log', () => new Logger('x').warn(`who: ${SECRET}`)],
    ['in a log without an application', () => Logger.error(SECRET)],
    ['deep in a logged object', () => new Logger('x').debug({ a: { b: { c: [SECRET] } } })],
    ['in a cause', () => new Logger('x').error(new Error('x', { cause: new Error(SECRET) }))],
    ['on a standard stream', () => process.stdout.write(`\r${SECRET}\r`)],
  ])('finds a secret %s, and reports it without the secret', (_, leak) => {
    leak();
    expect(detector.findLeaks()).toEqual([]);
    detector.addSecret(SECRET);
    const leaks = detector.findLeaks();
    expect(leaks).toHaveLength(1);
    expect(leaks[0]).toContain('[SECRET]');
    expect(leaks[0]).not.toContain(SECRET);
  });

  it('finds parts of a token, and its claims', () => {
    const token =
      new UnsecuredJWT({ jti: 'the-id-of-this-token' }).encode() + 'signature'.repeat(4);
    const [, payload = '', signature = ''] = token.split('.');
    detector.addSecret(token);
    detector.addOutput('a', `${payload}.`);
    detector.addOutput('b', signature);
    detector.addOutput('c', '{ jti: "the-id-of-this-token" }');
    detector.addOutput('d', 'another text');
    expect(detector.findLeaks().map((leak) => leak.slice(0, 2))).toEqual(['a:', 'b:', 'c:']);
  });
});

describe('over HTTP', () => {
  let server: Server;
  let url: string;
  let answer: RequestListener;

  beforeEach(async () => {
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const body = (text: string) => ({ method: 'POST', body: text });

  it.each<[string, string, RequestInit]>([
    ['as a bearer token', '', { headers: { authorization: `Bearer ${PRESENTED}` } }],
    ['as a DPoP-bound token', '', { headers: { authorization: `DPoP ${PRESENTED}` } }],
    ['as a proof', '', { headers: { dpop: PRESENTED } }],
    ['as a client secret', '', { headers: { authorization: `Basic ${btoa(`id:${PRESENTED}`)}` } }],
    ['in the query', `/?access_token=${PRESENTED}`, {}],
    ['in a form', '', body(`grant_type=x&code=${PRESENTED}`)],
    ['in JSON', '', body(JSON.stringify({ client_secret: PRESENTED }))],
  ])('treats what is sent %s as secret', async (_, path, init) => {
    answer = (request, response) => request.resume().on('end', () => response.end('ok'));
    await (await fetch(url + path, init)).text();
    detector.addOutput('log', PRESENTED);
    expect(detector.findLeaks()).toEqual(['log: [SECRET]']);
  });

  it.each<[string, RequestListener]>([
    ['in JSON', (_, response) => response.end(JSON.stringify({ access_token: PRESENTED }))],
    [
      'by a redirect',
      (_, response) =>
        response.writeHead(303, { location: `https://a.example/?code=${PRESENTED}` }).end(),
    ],
  ])('treats what is issued %s as secret', async (_, listener) => {
    answer = listener;
    await (await fetch(url, { redirect: 'manual' })).text();
    detector.addOutput('log', PRESENTED);
    expect(detector.findLeaks()).toEqual(['log: [SECRET]']);
  });

  it.each<[string, RequestListener, string]>([
    [
      'in the body of an error response',
      (_, response) => response.writeHead(401).end(`{"error":"${SECRET}"}`),
      '401',
    ],
    [
      'in chunks of the body of an error response',
      (_, response) => {
        response.writeHead(403).write(SECRET.slice(0, 9));
        response.end(SECRET.slice(9));
      },
      '403',
    ],
    [
      'in a header field of an error response',
      (_, response) => response.setHeader('x-why', SECRET).writeHead(400).end(),
      '400',
    ],
    ['in a successful answer, which is allowed', (_, response) => response.end(SECRET), ''],
  ])('a secret %s is reported as expected', async (_, listener, refusal) => {
    detector.addSecret(SECRET);
    answer = listener;
    await (await fetch(url)).text();
    const leak: unknown = expect.stringMatching(`^${refusal} to GET /, a test: [^]*\\[SECRET\\]`);
    expect(detector.findLeaks()).toEqual(refusal === '' ? [] : [leak]);
  });
});
