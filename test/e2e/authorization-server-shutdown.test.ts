import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { adapters, bearer, RESOURCE, type AdapterName } from '../support/app.js';
import { useIssuer } from '../support/serve.js';

const script = fileURLToPath(new URL('../support/process/closing-app.ts', import.meta.url));
const typescript = new URL('../support/process/typescript.mjs', import.meta.url).href;

/** The milliseconds in which the application must end by itself. Its fetches may take ten minutes. */
const TIME_BOUND = 10_000;

const issuer = useIssuer({ per: 'test' });
let child: ChildProcess;

afterEach(() => {
  child.kill('SIGKILL');
});

async function start(adapter: AdapterName): Promise<string> {
  child = fork(script, [adapter, issuer.url], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--import', typescript],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return url;
}

/** Closes the application, and returns the exit code of its process when the process has ended by itself. */
async function close(): Promise<unknown> {
  const exit = once(child, 'exit', { signal: AbortSignal.timeout(TIME_BOUND) });
  child.send('close');
  const [code] = (await exit) as [number | null];
  return code;
}

/**
 * Sends a request over a connection that is closed after the answer. An open connection would keep the server
 * running.
 */
async function call(url: string): Promise<number | undefined> {
  const token = await issuer.mint({ audience: RESOURCE });
  const request = get(`${url}/notes`, { agent: false, ...bearer(token) });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

describe.each(adapters)(
  'a process with the module on %s exits by itself when the application is closed',
  (adapter) => {
    it.each<[string, string, (socket: Socket | null) => unknown]>([
      ['during the fetch of metadata', '/.well-known/oauth-authorization-server', () => undefined],
      [
        'during the body of a JWK Set',
        '/jwks',
        (socket) => socket?.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{'),
      ],
    ])(
      '%s, and answers the pending request',
      async (_, path, hang) => {
        const url = await start(adapter);
        const connections: Promise<unknown>[] = [];
        issuer.answer(path, ({ socket }) => {
          connections.push(once(socket, 'close'));
          hang(socket);
        });
        const response = call(url);
        await issuer.arrived(path, 1);
        expect(await close()).toBe(0);
        expect(await response).toBe(503);
        await Promise.all(connections);
      },
      30_000,
    );

    it('after documents were fetched', async () => {
      const url = await start(adapter);
      expect(await call(url)).toBe(200);
      expect(await close()).toBe(0);
    }, 30_000);
  },
);
