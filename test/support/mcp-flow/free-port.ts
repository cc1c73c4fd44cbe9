import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/**
 * Returns a port on which no server listens. The resource identifier contains the port, so a test needs the port
 * before it makes the application.
 */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
