import type { AbstractHttpAdapter } from '@nestjs/core';
import { pathKey } from '../../url/path-key.js';
import { isTemplate, TENANT, TenantPath } from '../../url/tenant-template.js';
import type { DocumentRequest, SendDocument } from './send-document.js';

/** By the path at which each is published; one with `{tenant}` stands for many. */
export type Documents = ReadonlyMap<string, SendDocument>;

/** Answers a request, if it is for one of the documents; says whether it was. */
export type AnswerIfDocument = (request: DocumentRequest, response: unknown) => boolean;

/**
 * Puts documents at exactly their paths, ahead of the application's own routes. Express tries one route
 * after the other: those of many documents would slow down all requests. What is returned answers them
 * there, in whatever middleware calls it.
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
    // find-my-way takes a single colon for a parameter.
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
  const known = new Map([...documents].map(([path, send]) => [pathKey(path), send]));
  const templates = [...documents]
    .filter(([path]) => isTemplate(path))
    .map(([path, send]) => ({ paths: new TenantPath(path), send }));
  return (request, response) => {
    // For all other requests, the path need not be parsed.
    if (!request.url?.includes(prefix)) {
      return false;
    }
    const { path = '' } = request;
    const document = path.startsWith(prefix)
      ? (known.get(keyOf(path) ?? '') ??
        templates.find(({ paths }) => paths.in(path) !== undefined)?.send)
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
