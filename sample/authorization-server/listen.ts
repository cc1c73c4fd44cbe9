import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ListeningServer {
  server: Server;
  origin: string;
  close: () => Promise<void>;
}

/**
 * Starts a server, which has no handler yet. Port 0 means any free port. With the default host, only this
 * machine can reach it. With another host, it listens on all network interfaces.
 */
export async function listen(port: number, host = 'localhost'): Promise<ListeningServer> {
  const server = createServer().listen(port, host === 'localhost' ? host : undefined);
  await once(server, 'listening');
  return {
    server,
    origin: `http://${host}:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
