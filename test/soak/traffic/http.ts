import { Agent, request } from 'node:http';
import { CONNECTIONS, LOST } from '../settings.js';
import type { Answer, Probe } from './probe.js';

export type Request = Pick<Probe, 'method' | 'path' | 'headers' | 'body'>;

/** The keep-alive connections to one server. A request without an answer within {@link LOST} fails. */
export class Connections {
  private readonly agent = new Agent({
    keepAlive: true,
    maxSockets: CONNECTIONS,
    maxFreeSockets: CONNECTIONS,
    scheduling: 'fifo',
  });
  /**
   * The number of connections that became free after an answer. A number greater than {@link CONNECTIONS} shows
   * that the server closed connections.
   */
  opened = 0;
  private readonly known = new WeakSet<object>();

  constructor(private readonly port: number) {
    this.agent.on('free', (socket: object) => {
      this.opened += this.known.has(socket) ? 0 : 1;
      this.known.add(socket);
    });
  }

  send({ method, path, headers, body }: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          agent: this.agent,
          host: '127.0.0.1',
          port: this.port,
          method,
          path,
          headers: { host: 'api.example.com', ...headers },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            clearTimeout(timer);
            const text = Buffer.concat(chunks).toString();
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
          });
        },
      );
      const timer = setTimeout(() => {
        outgoing.destroy(new Error(`no answer within ${LOST} ms`));
      }, LOST);
      outgoing.on('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      outgoing.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
