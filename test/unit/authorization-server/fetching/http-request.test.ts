import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { getDefaultAutoSelectFamily, setDefaultAutoSelectFamily, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  httpRequest,
  type Form,
} from '../../../../lib/authorization-server/fetching/http-request.js';
import { SELF_SIGNED } from '../../../support/self-signed.js';

const LOOPBACK = [{ address: '127.0.0.1', family: 4 }];
const autoSelectFamily = getDefaultAutoSelectFamily();

let servers: Server[];
let seen: { request: IncomingMessage; body: string }[];

beforeEach(() => {
  servers = [];
  seen = [];
});

afterEach(() => {
  setDefaultAutoSelectFamily(autoSelectFamily);
  servers.forEach((server) => {
    server.closeAllConnections();
    server.close();
  });
});

const answer: RequestListener = (request, response) => {
  void text(request).then((body) => {
    seen.push({ request, body });
    response.end('{}');
  });
};

async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const ask = (url: string, form?: Form) =>
  httpRequest(new URL(url), LOOPBACK, AbortSignal.timeout(10_000), form);

describe('a request for a document', () => {
  it('fails at once if the server switches protocols', async () => {
    const server = createServer((_request, { socket }) => {
      socket?.write(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
      );
    });
    const port = await listening(server);
    await expect(ask(`http://127.0.0.1:${port}/`)).rejects.toThrow(
      'The connection ended without an answer.',
    );
  });

  it('is a GET that accepts uncompressed JSON and closes the connection', async () => {
    const port = await listening(createServer(answer));
    const response = await ask(`http://127.0.0.1:${port}/a?b=c`);
    expect(await text(response)).toBe('{}');
    expect(seen[0]?.request).toMatchObject({ method: 'GET', url: '/a?b=c' });
    expect(seen[0]?.request.headers).toEqual({
      accept: 'application/json, application/jwk-set+json',
      'accept-encoding': 'identity',
      'user-agent': 'nestjs-mcp-auth',
      host: `127.0.0.1:${port}`,
      connection: 'close',
    });
  });

  it('is a POST if a form is given', async () => {
    const port = await listening(createServer(answer));
    await ask(`http://127.0.0.1:${port}/`, {
      body: 'token=é',
      headers: { accept: 'application/jwt', authorization: 'Basic YTpi' },
    });
    expect(seen[0]?.request.method).toBe('POST');
    expect(seen[0]?.body).toBe('token=é');
    expect(seen[0]?.request.headers).toMatchObject({
      accept: 'application/jwt',
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': '8',
      authorization: 'Basic YTpi',
    });
  });

  it.each([true, false])(
    'connects to the given address, not to what the host name resolves to (autoSelectFamily: %s)',
    async (all) => {
      setDefaultAutoSelectFamily(all);
      const port = await listening(createServer(answer));
      const { statusCode } = await ask(`http://auth.example.com:${port}/`);
      expect(statusCode).toBe(200);
      expect(seen[0]?.request.headers.host).toBe(`auth.example.com:${port}`);
    },
  );

  it('fails for a self-signed certificate', async () => {
    const port = await listening(createTlsServer(SELF_SIGNED, answer));
    await expect(ask(`https://localhost:${port}/`)).rejects.toMatchObject({
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    expect(seen).toEqual([]);
  });

  it('does not follow redirects', async () => {
    const port = await listening(
      createServer((_, response) => response.writeHead(302, { location: '/elsewhere' }).end()),
    );
    expect((await ask(`http://127.0.0.1:${port}/`)).statusCode).toBe(302);
  });
});
