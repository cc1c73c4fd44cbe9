import type { AbstractHttpAdapter } from '@nestjs/core';
import { pathKey } from '../../url/path-key.js';
import { isTemplate, TENANT, TenantPath } from '../../url/tenant-template.js';
import type { DocumentRequest, SendDocument } from './send-document.js';

/** The documents by their paths. A path with `{tenant}` stands for the paths of all tenants. */
export type Documents = ReadonlyMap<string, SendDocument>;

/**
 * A function that answers a request for one of the documents, and the preflight of such a request. Returns `true`
 * if it has answered.
 */
export type AnswerIfDocument = (request: DocumentRequest, response: unknown) => boolean;

/**
 * Mounts documents on Fastify, at their paths without the global prefix. On Express it mounts nothing: the
 * returned function answers the requests, in the middleware that calls it. Express tries one route after the
 * other, so routes for many documents would slow down all requests.
 *
 * @param prefix - the beginning that all paths have in common
 */
export function mountDocuments(
  adapter: AbstractHttpAdapter,
  prefix: string,
  documents: Documents,
  preflight: SendDocument,
): AnswerIfDocument {
  if (adapter.getType() !== 'fastify') {
    return answerIfDocument(prefix, documents, preflight);
  }
  for (const [pathname, send] of documents) {
    // The router of Fastify (find-my-way) reads `:name` as a parameter, and `::` as a colon.
    const path = decodeURI(pathname).replaceAll(':', '::').replace(TENANT, ':tenant');
    adapter.get(path, send);
    adapter.options(path, preflight);
  }
  return () => false;
}

function answerIfDocument(
  prefix: string,
  documents: Documents,
  preflight: SendDocument,
): AnswerIfDocument {
  const byKey = new Map([...documents].map(([path, send]) => [pathKey(path), send]));
  const templates = [...documents]
    .filter(([path]) => isTemplate(path))
    .map(([path, send]) => ({ paths: new TenantPath(path), send }));
  return (request, response) => {
    // Most requests are for no document. This check saves parsing their path.
    if (!request.url?.includes(prefix)) {
      return false;
    }
    const { path = '' } = request;
    const document = path.startsWith(prefix)
      ? (byKey.get(keyOf(path) ?? '') ??
        templates.find(({ paths }) => paths.tenantAt(path) !== undefined)?.send)
      : undefined;
    const send = document && sendBy(request.method, document, preflight);
    send?.(request, response);
    return send !== undefined;
  };
}

function sendBy(
  method: string | undefined,
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
