import type { ServerResponse } from 'node:http';
import { log } from '../../log/log.js';
import { EventStreamRewriter, JsonBodyRewriter, type BodyRewriter } from './body-rewriter.js';
import type { RewriteText } from './list-filter.js';
import { readArguments } from './response-chunk.js';
import { setHead, type HeadArguments } from './response-head.js';

/** The most bytes that are held back. A longer body or event cannot be filtered: the response is aborted. */
const MAX_HELD = 10 * 1024 * 1024;

const NOTHING = Buffer.alloc(0);

/**
 * Rewrites the JSON body of a response, or the JSON texts in its events. It does not matter whether a
 * handler, an MCP SDK or the platform writes the response. Must be called before anything is written.
 *
 * A JSON body is held back until it is complete. An event stream is sent event by event.
 */
export function rewriteResponse(response: ServerResponse, rewrite: RewriteText): void {
  const head = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  const write = response.write.bind(response) as (chunk: Buffer, done?: () => void) => boolean;
  const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse;
  const flushHeaders = response.flushHeaders.bind(response);
  let body: BodyRewriter | undefined;
  let ended = false;

  /** Chooses the rewriter by the content type, which must be set before. */
  const begin = (): BodyRewriter => {
    if (body === undefined && isEventStream(response)) {
      body = new EventStreamRewriter(rewrite);
      response.removeHeader('content-length');
      head(response.statusCode);
    }
    return (body ??= new JsonBodyRewriter(rewrite));
  };
  const push = (rewriter: BodyRewriter, chunk: Buffer): Buffer => {
    const sendable = response.destroyed ? NOTHING : rewriter.push(chunk);
    if (rewriter.held > MAX_HELD && !response.destroyed) {
      log.error(
        `A response of an endpoint with filterLists was aborted: its JSON body, or one of its events, has more than ${MAX_HELD} bytes, which is too long to look for lists in it.`,
      );
      response.destroy();
    }
    return sendable;
  };

  response.writeHead = (...args: unknown[]) => {
    if (ended || body !== undefined) {
      return head(...args);
    }
    setHead(response, args as unknown as HeadArguments);
    begin();
    return response;
  };
  response.flushHeaders = () => {
    if (ended || begin() instanceof EventStreamRewriter) {
      flushHeaders();
    }
  };
  response.write = (...args: unknown[]) => {
    // On HTTP/2, `end` calls `write` with its chunk.
    if (ended) {
      return (write as (...all: unknown[]) => boolean)(...args);
    }
    const { chunk, done } = readArguments(args);
    const sendable = push(begin(), chunk);
    if (sendable.length > 0) {
      return write(sendable, done);
    }
    if (done) {
      process.nextTick(done);
    }
    return !response.writableNeedDrain;
  };
  response.end = (...args: unknown[]) => {
    if (ended) {
      return end(...args);
    }
    const { chunk, done } = readArguments(args);
    const rewriter = begin();
    const rest = Buffer.concat([push(rewriter, chunk), rewriter.end()]);
    ended = true;
    if (rewriter instanceof JsonBodyRewriter && rest.length > 0) {
      describeBody(response, rewriter.held, rest.length);
    }
    return rest.length > 0 ? end(rest, done) : end(done);
  };
}

function describeBody(response: ServerResponse, given: number, length: number): void {
  if (!response.hasHeader('transfer-encoding')) {
    response.setHeader('content-length', length);
  }
  if (length !== given) {
    response.removeHeader('etag');
  }
}

function isEventStream(response: ServerResponse): boolean {
  return /^\s*text\/event-stream\b/i.test(String(response.getHeader('content-type') ?? ''));
}
