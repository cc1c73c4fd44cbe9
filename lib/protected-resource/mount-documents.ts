import type { IncomingHttpHeaders } from 'node:http';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { pathKey } from '../url/path-key.js';

/** As much of a request as decides on the answer. */
export interface DocumentRequest {
  method: string;
  headers: IncomingHttpHeaders;
  /** Of the URL; there on Express. */
  path?: string;
}

/** Answers a request for one document. */
export type SendDocument = (request: DocumentRequest, response: unknown) => unknown;

/** By the path at which each is published. */
export type Documents = ReadonlyMap<string, SendDocument>;

/** Puts documents at exactly their paths, ahead of the application's own routes. */
export function mountDocuments(
  adapter: AbstractHttpAdapter,
  prefix: string,
  documents: Documents,
  preflight: SendDocument,
): void {
  if (adapter.getType() === 'fastify') {
    for (const [pathname, send] of documents) {
      // find-my-way takes a single colon for a parameter.
      const path = decodeURI(pathname).replaceAll(':', '::');
      adapter.get(path, send);
      adapter.options(path, preflight);
    }
  } else {
    // Express tries one route after the other: those of many documents would slow down all requests.
    adapter.use(documentMiddleware(prefix, documents, preflight));
  }
}

function documentMiddleware(prefix: string, documents: Documents, preflight: SendDocument) {
  const known = new Map([...documents].map(([path, send]) => [pathKey(path), send]));
  return (request: DocumentRequest, response: unknown, next: () => void): void => {
    const { path = '' } = request;
    const document = path.startsWith(prefix) ? known.get(keyOf(path) ?? '') : undefined;
    const send = document && sendBy(request.method, document, preflight);
    if (send === undefined) {
      next();
    } else {
      send(request, response);
    }
  };
}

function sendBy(
  method: string,
  document: SendDocument,
  preflight: SendDocument,
): SendDocument | undefined {
  if (method === 'OPTIONS') {
    return preflight;
  }
  return method === 'GET' || method === 'HEAD' ? document : undefined;
}

function keyOf(path: string): string | undefined {
  try {
    return pathKey(path);
  } catch {
    return undefined;
  }
}
