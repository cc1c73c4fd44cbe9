import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LoopbackServer {
  server: Server;
  origin: string;
  close: () => Promise<void>;
}

/** Starts a server that only this machine can reach. It has no handler yet. Port 0 means any free port. */
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
