import { connect, type Socket } from 'node:net';
import type { Requests } from './requests.js';

const HEAD_END = '\r\n\r\n';
const CLOSED = new Error('The server closed a connection.');
const CONTENT_LENGTH = /\r\ncontent-length: (\d+)/i;
const CHUNKED = /\r\ntransfer-encoding: chunked/i;
/** The end of a chunked response. The bodies are JSON without line breaks, so it is never part of one. */
const LAST_CHUNK = '\r\n0\r\n\r\n';
const CHUNK_SIZES = /(?:^|\r\n)[\da-f]+\r\n/g;

export interface Response {
  status: number;
  head: string;
  body: string;
}

/** A keep-alive connection that sends one request at a time, with as little work as HTTP allows. */
class Connection {
  private received = '';
  private onResponse: (response: Response) => void = () => undefined;
  private onError: (error: Error) => void = () => undefined;

  private constructor(private readonly socket: Socket) {}

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const buffer = Buffer.allocUnsafe(65_536);
      const callback = (size: number) => {
        connection.read(buffer.toString('latin1', 0, size));
        return true;
      };
      const socket = connect({
        port,
        host: '127.0.0.1',
        noDelay: true,
        onread: { buffer, callback },
      });
      const connection = new Connection(socket);
      socket.once('connect', () => resolve(connection));
      socket.on('error', (error) => (reject(error), connection.onError(error)));
      socket.on('close', () => connection.onError(CLOSED));
    });
  }

  send(request: Buffer, done: (response: Response) => void, failed: (error: Error) => void): void {
    if (this.socket.destroyed) {
      failed(CLOSED);
      return;
    }
    this.onResponse = done;
    this.onError = failed;
    this.socket.write(request);
  }

  close(): void {
    this.onError = () => undefined;
    this.socket.destroy();
  }

  private read(text: string): void {
    this.received += text;
    const end = this.received.indexOf(HEAD_END);
    if (end === -1) {
      return;
    }
    const head = this.received.slice(0, end);
    const status = Number(head.slice(9, 12));
    if (CHUNKED.test(head)) {
      this.readChunks(status, head);
      return;
    }
    const length = Number(CONTENT_LENGTH.exec(head)?.[1] ?? (status === 304 ? 0 : NaN));
    const missing = end + HEAD_END.length + length - this.received.length;
    if (Number.isNaN(length) || missing < 0) {
      this.onError(new Error(`The load generator cannot read this response:\n${this.received}`));
    } else if (missing === 0) {
      const body = this.received.slice(end + HEAD_END.length);
      this.received = '';
      this.onResponse({ status, head, body });
    }
  }

  private readChunks(status: number, head: string): void {
    if (this.received.endsWith(LAST_CHUNK)) {
      const chunks = this.received.slice(head.length + HEAD_END.length, -LAST_CHUNK.length);
      this.received = '';
      this.onResponse({ status, head, body: chunks.replace(CHUNK_SIZES, '') });
    }
  }
}

/** Sends requests to a server over several connections at the same time. */
export class Load {
  private constructor(private readonly connections: Connection[]) {}

  static async open(port: number, connections = 32): Promise<Load> {
    return new Load(await Promise.all([...Array(connections)].map(() => Connection.open(port))));
  }

  /** Sends `count` requests. Rejects at the first response with an unexpected status. */
  run(requests: Requests, count: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let toSend = count;
      let toCome = count;
      const send = (connection: Connection) => {
        if (toSend > 0) {
          toSend--;
          connection.send(requests.next(), (response) => check(connection, response), reject);
        }
      };
      const check = (connection: Connection, response: Response) => {
        if (response.status !== requests.status) {
          reject(new Error(`Expected ${requests.status}, got ${response.head}\n${response.body}`));
        } else if (--toCome === 0) {
          resolve();
        } else {
          send(connection);
        }
      };
      this.connections.forEach(send);
    });
  }

  one(request: Buffer): Promise<Response> {
    const [connection] = this.connections;
    return new Promise((resolve, reject) => connection?.send(request, resolve, reject));
  }

  close(): void {
    this.connections.forEach((connection) => connection.close());
  }
}
