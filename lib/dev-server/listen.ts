import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server that listens, and has no handler yet. */
export interface ListeningServer {
  readonly server: Server;
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Starts a server. Port 0 means any free port. */
export async function listen(port: number, host: string): Promise<ListeningServer> {
  const server = createServer().listen(port, host);
  await once(server, 'listening');
  return {
    server,
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
