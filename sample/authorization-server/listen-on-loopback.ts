import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LoopbackServer {
  server: Server;
  origin: string;
  close: () => Promise<void>;
}

/** A server that answers nothing yet, on a port of this machine alone; 0 takes a free one. */
export async function listenOnLoopback(port: number): Promise<LoopbackServer> {
  const server = createServer().listen(port, 'localhost');
  await once(server, 'listening');
  return {
    server,
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
