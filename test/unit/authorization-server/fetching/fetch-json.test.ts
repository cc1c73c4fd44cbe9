import { getEventListeners, once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AuthorizationServerUnavailableError,
  InvalidAuthorizationServerMetadataError,
} from 'nestjs-mcp-auth';
import { fetchJson } from '../../../../lib/authorization-server/fetching/fetch-json.js';
import { IssuerNetwork } from '../../../../lib/authorization-server/fetching/issuer-network.js';

/** A timeout in milliseconds that no test reaches. */
const PLENTY = 600_000;

let server: Server;
let url: string;
let answer: RequestListener;

beforeEach(async () => {
  server = createServer((request, response) => {
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const fetchIt = (bounds: { timeout?: number; closing?: AbortSignal; maxBytes?: number } = {}) =>
  fetchJson(url, { timeout: PLENTY, network: new IssuerNetwork(url), ...bounds });

async function failure(attempt: Promise<unknown>): Promise<Error> {
  const error: unknown = await attempt.then(() => undefined).catch((thrown: unknown) => thrown);
  if (!(error instanceof Error)) {
    throw new Error('It was accepted.');
  }
  return error;
}

const answering = (status: number, body: string, headers = {}): RequestListener => {
  return (_, response) => response.writeHead(status, headers).end(body);
};

describe('fetchJson', () => {
  it.each([200, 500])(
    'removes its listener from the closing signal after an answer with status %i',
    async (status) => {
      const { signal: closing } = new AbortController();
      const listening: number[] = [];
      answer = (_, response) => {
        listening.push(getEventListeners(closing, 'abort').length);
        response.writeHead(status).end('{}');
      };
      await fetchIt({ closing }).catch(() => undefined);
      expect(listening).toEqual([1]);
      expect(getEventListeners(closing, 'abort')).toEqual([]);
    },
  );

  it('returns the object, its text and its lifetime', async () => {
    answer = answering(200, '{"a":[1]}', { 'cache-control': 'max-age=120' });
    expect(await fetchIt()).toEqual({ value: { a: [1] }, text: '{"a":[1]}', lifetime: 120_000 });
  });

  it.each([429, 500, 503, 599])(
    'throws AuthorizationServerUnavailableError for the status %i',
    async (status) => {
      answer = answering(status, '{}');
      const error = await failure(fetchIt());
      expect(error).toBeInstanceOf(AuthorizationServerUnavailableError);
      expect(error.message).toBe(`${url} answered ${status}.`);
    },
  );

  it.each([201, 204, 302, 400, 404, 428])(
    'throws InvalidAuthorizationServerMetadataError for the status %i',
    async (status) => {
      answer = answering(status, '{}', { location: '/elsewhere' });
      const error = await failure(fetchIt());
      expect(error).toBeInstanceOf(InvalidAuthorizationServerMetadataError);
      expect(error.message).toBe(`${url} answered ${status} instead of 200.`);
    },
  );

  it.each(['', 'null', 'true', '1', '"{}"', '[{}]', '<html>', '{"a":'])(
    'rejects the body %j, which is not a JSON object',
    async (body) => {
      answer = answering(200, body);
      const error = await failure(fetchIt());
      expect(error).toBeInstanceOf(InvalidAuthorizationServerMetadataError);
      expect(error.message).toBe(`${url} answered something that is not a JSON object.`);
    },
  );

  it.each(['gzip', 'br', 'gzip, identity', ''])(
    'rejects an answer with Content-Encoding %j',
    async (encoding) => {
      answer = answering(200, '{}', { 'content-encoding': encoding });
      const error = await failure(fetchIt());
      expect(error).toBeInstanceOf(InvalidAuthorizationServerMetadataError);
      expect(error.message).toBe(
        `${url} answered with a Content-Encoding, although only "identity" is accepted.`,
      );
    },
  );

  it('accepts an answer with Content-Encoding: identity', async () => {
    answer = answering(200, '{}', { 'content-encoding': 'Identity' });
    expect((await fetchIt()).value).toEqual({});
  });

  it('accepts a body of maxBytes, and rejects one byte more', async () => {
    answer = answering(200, '{"a":"é"}');
    expect((await fetchIt({ maxBytes: 10 })).text).toBe('{"a":"é"}');
    const error = await failure(fetchIt({ maxBytes: 9 }));
    expect(error).toBeInstanceOf(InvalidAuthorizationServerMetadataError);
    expect(error.message).toBe(`${url} answered more than 9 bytes.`);
  });

  it('accepts up to 1 MiB by default', async () => {
    answer = answering(200, `{"a":"${'x'.repeat(1024 * 1024 - 8)}"}`);
    expect((await fetchIt()).text).toHaveLength(1024 * 1024);
    answer = answering(200, `{"a":"${'x'.repeat(1024 * 1024 - 7)}"}`);
    expect((await failure(fetchIt())).message).toBe(`${url} answered more than 1048576 bytes.`);
  });

  it('names the system error code of a refused connection, and keeps the cause', async () => {
    server.close();
    const error = await failure(fetchIt());
    expect(error).toBeInstanceOf(AuthorizationServerUnavailableError);
    expect(error.message).toBe(`${url} could not be reached (ECONNREFUSED).`);
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('does not show the message of an error without a code', async () => {
    const network = new IssuerNetwork(url, true);
    network.addressesOf = () => Promise.reject(new Error('strange'));
    const error = await failure(fetchJson(url, { timeout: PLENTY, network }));
    expect(error.message).toBe(`${url} could not be reached.`);
  });

  it('times out when no response headers come', async () => {
    answer = () => undefined;
    const error = await failure(fetchIt({ timeout: 50 }));
    expect(error).toBeInstanceOf(AuthorizationServerUnavailableError);
    expect(error.message).toBe(`${url} gave no answer within 50 ms.`);
  });

  it('times out when the body does not end', async () => {
    answer = (_, response) => response.writeHead(200).write('{"a":');
    expect((await failure(fetchIt({ timeout: 200 }))).message).toBe(
      `${url} gave no answer within 200 ms.`,
    );
  });

  it('fails when the application closes', async () => {
    const closing = new AbortController();
    answer = () => {
      closing.abort();
    };
    const error = await failure(fetchIt({ closing: closing.signal }));
    expect(error).toBeInstanceOf(AuthorizationServerUnavailableError);
    expect(error.message).toMatch(/ could not be reached( \(ABORT_ERR\))?\.$/);
  });

  it('closes the connection on an answer that it rejects', async () => {
    const answered = new Promise<ServerResponse>((resolve) => {
      answer = (_, response) => {
        response.writeHead(404).write('…');
        resolve(response);
      };
    });
    await failure(fetchIt());
    const response = await answered;
    if (!response.closed) {
      await once(response, 'close');
    }
    expect(response.writableFinished).toBe(false);
  });
});
