import type { AbstractHttpAdapter } from '@nestjs/core';
import { sendJson, sendWhenReady, type SendDocument } from './send-document.js';

/**
 * The seconds for which clients may cache the document. This application caches it as long, if the server does not say
 * how long.
 */
const MAX_AGE = 600;

/**
 * Returns a function that sends the metadata document of an authorization server as it was fetched.
 *
 * @param textOf - returns the document. It must limit the requests to the server, since anyone can call it
 */
export function sendServerMetadata(
  adapter: AbstractHttpAdapter,
  textOf: () => Promise<string>,
): SendDocument {
  let last: { text: string; send: SendDocument } | undefined;
  return sendWhenReady(adapter, async (request, response) => {
    const text = await textOf();
    last = last?.text === text ? last : { text, send: sendJson(adapter, text, MAX_AGE) };
    last.send(request, response);
  });
}
