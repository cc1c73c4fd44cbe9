import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LeakDetector } from './leak-detector.js';
import { credentialsOf, secretsIn } from './secrets-in.js';

const REQUESTS = 'http.server.request.start';

/** The length after which no more of a body is read. Bodies with secrets are shorter. */
const MAX_LENGTH = 65_536;

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

/**
 * Watches every HTTP server of this process, including authorization servers. Adds the credentials of requests and
 * the tokens of responses as secrets, and each rejection as output. Returns a function that stops watching.
 */
export function watchHttp(detector: LeakDetector, where: () => string): () => void {
  const learn = (secrets: string[]) => secrets.forEach((secret) => detector.addSecret(secret));
  const onRequest = (message: unknown) => {
    const { request, response } = message as Exchange;
    learn(credentialsOf(request));
    onBody(request, 'push', (body) => learn(secretsIn(body)));
    onBody(response, 'write', (body) => {
      const head = headOf(response);
      if (isRefusal(response, body)) {
        const { method = '', url = '' } = request;
        const [path] = url.split('?');
        const answered = `${response.statusCode} to ${method} ${path ?? ''}`;
        detector.addOutput(`${answered}, ${where()}`, head + body);
      } else {
        learn([...secretsIn(body), ...secretsIn(/^location: (.*)$/im.exec(head)?.[1] ?? '')]);
      }
    });
  };
  subscribe(REQUESTS, onRequest);
  return () => void unsubscribe(REQUESTS, onRequest);
}

/**
 * Returns the head of a response as it was sent, because the arguments of `writeHead` are stored nowhere else.
 * It leaves out the date. It is empty if the connection ended before the head could be sent.
 */
function headOf(response: ServerResponse): string {
  const { _header } = response as { _header?: string | null };
  return _header?.replace(/^Date: .*\r\n/m, '') ?? '';
}

/** Returns `true` for a rejection: an error status, or a tool result with a challenge. */
function isRefusal({ statusCode }: ServerResponse, body: string): boolean {
  return statusCode >= 400 || body.includes('mcp/www_authenticate');
}

type Take = (chunk: unknown, ...rest: unknown[]) => unknown;
type Taking = Partial<Record<'push' | 'write' | 'end', Take>>;

/** Calls the listener with a body, after the parser has pushed it or the application has written it. */
function onBody(
  stream: IncomingMessage | ServerResponse,
  method: 'push' | 'write',
  listener: (body: string) => void,
): void {
  const taking = stream as unknown as Taking;
  const chunks: Buffer[] = [];
  let length = 0;
  const keep = (chunk: unknown) => {
    if (length < MAX_LENGTH && (typeof chunk === 'string' || chunk instanceof Uint8Array)) {
      chunks.push(Buffer.from(chunk as string));
      length += chunk.length;
    }
  };
  const tell = () => listener(Buffer.concat(chunks).toString());
  intercept(taking, method, (chunk) => {
    keep(chunk);
    if (chunk === null) tell();
  });
  if (method === 'write') {
    intercept(taking, 'end', keep, tell);
  }
}

function intercept(
  taking: Taking,
  method: keyof Taking,
  look: (chunk: unknown) => void,
  afterwards?: () => void,
): void {
  const take = taking[method]?.bind(taking);
  taking[method] = (...args) => {
    look(args[0]);
    const taken = take?.(...args);
    afterwards?.();
    return taken;
  };
}
