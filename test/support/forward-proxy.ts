import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { SELF_SIGNED } from './self-signed.js';

/** A forward proxy that opens tunnels for `CONNECT`. With `tls`, clients connect to the proxy by TLS. */
export class ForwardProxy {
  /** The hosts and ports to which tunnels were requested. */
  readonly seen: string[] = [];
  /** The subjects of the certificates that clients presented to the proxy itself. */
  readonly presented: string[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly tunnels = new EventEmitter();
  private ended = 0;
  private constructor(
    private readonly server: Server,
    private readonly scheme: string,
  ) {}

  static async start({ tls = false } = {}): Promise<ForwardProxy> {
    const server = tls
      ? createTlsServer({ ...SELF_SIGNED, requestCert: true, rejectUnauthorized: false })
      : createServer();
    const proxy = new ForwardProxy(server, tls ? 'https://localhost' : 'http://127.0.0.1');
    server.on('connection', (socket: Socket) => proxy.sockets.add(socket));
    server.on('connect', (request: IncomingMessage, socket: Socket) =>
      proxy.tunnel(request, socket),
    );
    server.listen(0, tls ? 'localhost' : '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get url() {
    return `${this.scheme}:${(this.server.address() as AddressInfo).port}`;
  }

  /** Waits until this number of tunnels has been closed. */
  async closed(count: number): Promise<void> {
    while (this.ended < count) {
      await once(this.tunnels, 'close');
    }
  }

  async stop() {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise((done) => this.server.close(done));
  }

  private tunnel({ url = '' }: IncomingMessage, socket: Socket) {
    this.seen.push(url);
    const certificate = (socket as Partial<TLSSocket>).getPeerX509Certificate?.();
    this.presented.push(...(certificate ? [certificate.subject] : []));
    const upstream = connect(Number(url.split(':')[1]), 'localhost', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    this.sockets.add(upstream);
    upstream.on('error', () => socket.destroy());
    upstream.on('close', () => {
      this.ended++;
      this.tunnels.emit('close');
    });
    socket.on('error', () => upstream.destroy());
    socket.on('close', () => upstream.destroy());
  }
}
