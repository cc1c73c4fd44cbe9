import type { Form, HttpAnswer } from './http-request.js';
import { requestHead } from './http-request.js';

/** A function that sends a request in place of the built-in client. */
export type SendRequest = (url: URL, signal: AbortSignal, form?: Form) => Promise<HttpAnswer>;

/** Returns a client that sends requests with the given `fetch` function. It follows no redirects. */
export function clientOf(fetch: typeof globalThis.fetch, init: RequestInit = {}): SendRequest {
  return async (url, signal, form) => {
    const { method, headers } = requestHead(form);
    const body = form?.body;
    const response = await fetch(url, {
      ...init,
      method,
      headers,
      body,
      redirect: 'manual',
      signal,
    });
    return answerOf(response);
  };
}

function answerOf({ status: statusCode, headers, body }: Response): HttpAnswer {
  const stream = body as AsyncIterable<Uint8Array> | null;
  return {
    statusCode,
    headers: Object.fromEntries(headers),
    async *[Symbol.asyncIterator]() {
      yield* stream ?? [];
    },
    // A body that was read to its end, or is being read, cannot be cancelled.
    destroy: () => (body?.locked === false ? body.cancel().catch(() => undefined) : undefined),
  };
}
