import { Agent, request as httpRequest, type RequestOptions } from 'node:http';
import { connect } from 'node:net';
import type { OrdinaryRequest, Sent } from './attack.js';

/** The answer to a request. */
export interface Received {
  status: number;
  /** The header fields by name in lower case. Fields of one name are joined. */
  headers: Record<string, string>;
  body: string;
  /** The number of answers: one for each request. */
  answers: number;
}

function exchange(options: RequestOptions, body?: string | Buffer): Promise<Received> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: toRecord(response.rawHeaders),
          body: Buffer.concat(chunks).toString(),
          answers: 1,
        });
      });
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      // The server can close an idle connection at the moment when the client uses it again.
      if (request.reusedSocket && error.code === 'ECONNRESET') {
        exchange(options, body).then(resolve, reject);
      } else {
        reject(error);
      }
    });
    request.end(body);
  });
}

/** Sends requests over connections that stay open, so an attack that breaks a connection fails the next attack. */
export class Wire {
  private readonly agent = new Agent({ keepAlive: true });

  send(url: string, sent: Sent): Promise<Received> {
    return 'raw' in sent ? sendRaw(url, sent.raw) : this.sendOrdinary(url, sent);
  }

  close(): void {
    this.agent.destroy();
  }

  private sendOrdinary(
    url: string,
    { method = 'GET', path, token, headers = [], body }: OrdinaryRequest,
  ): Promise<Received> {
    const { hostname, port, host } = new URL(url);
    const fields = ['Host', host, ...headers];
    if (token !== undefined) {
      fields.push('Authorization', `Bearer ${token}`);
    }
    if (body !== undefined || method === 'POST') {
      fields.push('Content-Length', String(Buffer.byteLength(body ?? '')));
    }
    const options = { agent: this.agent, hostname, port, path, method, headers: fields };
    return exchange(options, body);
  }
}

function toRecord(fields: string[]): Record<string, string> {
  const record: Record<string, string> = Object.create(null) as Record<string, string>;
  for (let index = 0; index < fields.length; index += 2) {
    const name = (fields[index] ?? '').toLowerCase();
    const value = fields[index + 1] ?? '';
    record[name] = name in record ? `${record[name]}, ${value}` : value;
  }
  return record;
}

/** Returns the text of a request that closes its connection. */
export const message = (start: string, fields: readonly string[] = [], body = ''): string =>
  [start, 'Host: api.example.com', 'Connection: close', ...fields, '', body].join('\r\n');

/** Sends bytes, and reads until the server closes the connection, whether the request asks for that or not. */
function sendRaw(url: string, raw: string | Buffer): Promise<Received> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => {
      socket.write(raw);
    });
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    let failure: Error | undefined;
    socket.on('error', (error) => (failure = error));
    socket.on('close', () => {
      // A server that rejects a request early sends its answer and then resets the connection.
      if (chunks.length === 0) {
        reject(failure ?? new Error('The server ended the connection without an answer.'));
      }
      resolve(parse(Buffer.concat(chunks).toString('latin1')));
    });
  });
}

function parse(text: string): Received {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const fields = lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: toRecord(fields),
    body: text.slice(end + 4),
    answers: text.match(/HTTP\/1\.1 \d{3} /g)?.length ?? 0,
  };
}
