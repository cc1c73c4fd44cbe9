import type { ServerResponse } from 'node:http';
import { readArguments } from './response-chunk.js';

/** What is longer is not looked at. */
const MAX_OBSERVED = 1024 * 1024;

/** Shows what is written to a response, once it has ended, and changes nothing of it. */
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
    // HTTP/2 writes what it is ended with by this very method.
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
