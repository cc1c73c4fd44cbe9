import { gzipSync } from 'node:zlib';
import { json, type Answer } from './issuer.js';

const MEGABYTE = 1024 * 1024;

/** The wrong answers that an authorization server can give in place of a document. */
export const badAnswers: Record<string, Answer> = {
  'hangs before its headers': () => undefined,
  'hangs amid its headers': (_, { socket }) => socket?.write('HTTP/1.1 200 OK\r\nX-A: '),
  'hangs amid its body': (_, response) => response.writeHead(200).write('{"keys":'),
  'drips its body': (_, response) => {
    response.writeHead(200);
    const drip = setInterval(() => response.write(' '), 10);
    response.on('close', () => clearInterval(drip));
  },
  'closes without an answer': (_, { socket }) => socket?.destroy(),
  'closes amid its body': (_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('{"keys":');
    setImmediate(() => response.socket?.destroy());
  },
  'speaks something else than HTTP': (_, { socket }) => socket?.end('220 mail ready\r\n'),
  'switches protocols': (_, { socket }) =>
    socket?.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
  'sends headers without end': (_, { socket }) =>
    pour(socket, () => `X-${Math.random()}: ${'x'.repeat(1000)}\r\n`, 'HTTP/1.1 200 OK\r\n'),
  'sends a body of 60 MB': (_, response) => {
    response.writeHead(200, { 'content-length': 60 * MEGABYTE });
    pour(response, () => ' '.repeat(65_536));
  },
  'sends a body without end': (_, response) =>
    pour(response.writeHead(200), () => ' '.repeat(65_536)),
  'sends 60 MB compressed to 60 kB': (_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipBomb()),
  'sends arrays in arrays': (_, response) => response.end('['.repeat(MEGABYTE - 1)),
  'sends objects in objects': (_, response) =>
    response.end('{"a":'.repeat(200_000) + '1' + '}'.repeat(200_000)),
  'sends HTML with 200': (_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>Down</p>'),
  'sends nothing with 200': (_, response) => response.end(),
  'sends null': (_, response) => json(response, null),
  'sends a string': (_, response) => json(response, 'keys'),
  'sends half of a document': (_, response) => response.end('{"keys":[{"kty":"EC"'),
  'sends bytes that are no UTF-8': (_, response) => response.end(Buffer.alloc(1000, 0xff)),
  'answers 204': (_, response) => response.writeHead(204).end(),
  ...Object.fromEntries(
    [400, 401, 403, 404, 410, 429, 500, 502, 503, 504, 599].map((status): [string, Answer] => [
      `answers ${status}`,
      (_, response) => json(response, { keys: [] }, status),
    ]),
  ),
  ...Object.fromEntries(
    [300, 301, 302, 303, 304, 307, 308].map((status): [string, Answer] => [
      `answers ${status}, to itself`,
      ({ url = '' }, response) =>
        response.writeHead(status, { location: `${url}?elsewhere` }).end(),
    ]),
  ),
  'redirects to a metadata service': (_, response) =>
    response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
  'redirects to a file': (_, response) =>
    response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
};

let bomb: Buffer | undefined;

/** Returns 60 MB, compressed. Call this before memory is measured, because the first call compresses. */
export function gzipBomb(): Buffer {
  bomb ??= gzipSync(Buffer.alloc(60 * MEGABYTE, 32));
  return bomb;
}

interface Sink extends NodeJS.WritableStream {
  destroyed: boolean;
}

/** Writes until the connection is closed, as fast as the other side reads. */
function pour(sink: Sink | null, next: () => string, first = ''): void {
  const write = () => {
    while (sink && !sink.destroyed && sink.write(next()));
  };
  sink?.on('drain', write).on('error', () => undefined);
  sink?.write(first);
  write();
}
