import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { buffer } from 'node:stream/consumers';
import type { Issuer } from './issuer.js';
import { SELF_SIGNED } from './self-signed.js';

/** Puts an {@link Issuer} behind TLS, with the certificate of a private authority. */
export class TlsFront {
  url = '';
  /** For each path, the subjects of the client certificates. `undefined` stands for a request without a certificate. */
  readonly presented = new Map<string, (string | undefined)[]>();
  private constructor(
    private readonly issuer: Issuer,
    private readonly server: Server,
  ) {}

  /** @param ca - the authority of client certificates. Without `ca`, any client is accepted, even without a certificate */
  static async start(issuer: Issuer, { ca }: { ca?: string } = {}): Promise<TlsFront> {
    const rejectUnauthorized = ca !== undefined;
    const server = createServer({ ...SELF_SIGNED, requestCert: true, rejectUnauthorized, ca });
    // Longer than any test, so that only clients close connections.
    server.keepAliveTimeout = 600_000;
    const front = new TlsFront(issuer, server);
    server.on(
      'request',
      (request, response) => void front.pass(request, response).catch(() => response.destroy()),
    );
    server.listen(0, 'localhost');
    await once(server, 'listening');
    front.url = `https://localhost:${(server.address() as AddressInfo).port}`;
    return front;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = '', method, headers, socket } = request;
    const subject = (socket as TLSSocket).getPeerX509Certificate()?.subject;
    this.presented.set(url, [...(this.presented.get(url) ?? []), subject]);
    const body = method === 'POST' ? await buffer(request) : undefined;
    const type = headers['content-type'];
    const answer = await fetch(this.issuer.url + url, {
      method,
      headers: type === undefined ? {} : { 'content-type': type },
      body,
    });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end((await answer.text()).replaceAll(this.issuer.url, this.url));
  }
}
