// Sends the same response to every request, without parsing it. Shows how fast the load generator is.
import { createServer, type AddressInfo } from 'node:net';
import { answer } from './child.js';

const body = '[{"id":1}]';
const response = Buffer.from(
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
);
const server = createServer({ noDelay: true }, (socket) => {
  socket.on('data', () => socket.write(response)).on('error', () => undefined);
});
server.listen(0, '127.0.0.1', () => {
  const usage = () => ({ cpu: 0, memory: 0, heap: 0 });
  answer({ port: (server.address() as AddressInfo).port }, { usage });
});
