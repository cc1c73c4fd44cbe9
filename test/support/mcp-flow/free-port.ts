import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/**
 * A port nobody listens on. The resource identifier holds the port, so it has to be known before
 * the application that will listen on it is made.
 */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
