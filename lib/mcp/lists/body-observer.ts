import type { ServerResponse } from 'node:http';
import { readArguments } from './response-chunk.js';

/** The longest body, in bytes, that is observed. */
const MAX_OBSERVED = 1024 * 1024;

/**
 * Calls `seen` with the body of a response when the response ends. A body over the limit is skipped. The
 * response is not changed.
 */
export function observeBody(response: ServerResponse, seen: (text: string) => void): void {
  const write = response.write.bind(response) as (...args: unknown[]) => boolean;
  const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse;
  const chunks: Buffer[] = [];
  let length = 0;
  let ended = false;
  const collect = (args: readonly unknown[]) => {
    const { chunk } = readArguments(args);
    length += chunk.length;
    if (length <= MAX_OBSERVED) {
      chunks.push(chunk);
    }
  };

  response.write = (...args: unknown[]) => {
    // On HTTP/2, `end` calls `write` with its chunk.
    if (!ended) {
      collect(args);
    }
    return write(...args);
  };
  response.end = (...args: unknown[]) => {
    if (!ended) {
      ended = true;
      collect(args);
      if (length <= MAX_OBSERVED) {
        seen(Buffer.concat(chunks).toString());
      }
    }
    return end(...args);
  };
}
