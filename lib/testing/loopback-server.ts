import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server on the loopback interface that can go down, and come back on the same port. */
export class LoopbackServer {
  private server: Server | undefined;
  private port = 0;

  constructor(private readonly answer: RequestListener) {}

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Listens, at first on a free port. Does nothing if it listens already. */
  async up(): Promise<void> {
    if (this.server === undefined) {
      const server = createServer(this.answer).listen(this.port, '127.0.0.1');
      await once(server, 'listening');
      this.server = server;
      this.port = (server.address() as AddressInfo).port;
    }
  }

  /** Closes all connections, and refuses new ones. */
  async down(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server !== undefined) {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    }
  }
}
