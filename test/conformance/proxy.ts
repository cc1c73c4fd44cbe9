import { once } from 'node:events';
import { createServer, request as send, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Starts a proxy that adds an access token, which the suite cannot send. It passes on everything else unchanged,
 * including `Host` and `Origin`.
 */
export async function startProxy(target: string, token: string): Promise<Server> {
  const { hostname, port } = new URL(target);
  const server = createServer((request, response) => {
    const rawHeaders = [...request.rawHeaders, 'Authorization', `Bearer ${token}`];
    const { method, url: path } = request;
    const forwarded = send({ hostname, port, method, path, headers: rawHeaders }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
      answer.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    response.on('close', () => forwarded.destroy());
    request.pipe(forwarded);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

export function urlOf(server: Server): string {
  return `http://localhost:${(server.address() as AddressInfo).port}/mcp`;
}
