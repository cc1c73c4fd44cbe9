import type { X509Certificate } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { AuthInfo } from '../auth-info/auth-info.js';

/** The part of Node's request that credentials are read from. */
export interface CredentialsSource {
  headers: IncomingHttpHeaders;
  rawHeaders?: string[];
}

/** Node's own request, or what has its header fields where there is none. */
export interface NodeRequest extends CredentialsSource {
  readonly method?: string;
  readonly url?: string;
  /** Where Express has the target that the client sent, whatever middleware made of `url`. */
  readonly originalUrl?: string;
  /** The connection. Only of a TLS connection it can be asked for the client's certificate. */
  readonly socket?: {
    readonly remoteAddress?: string;
    getPeerX509Certificate?(): X509Certificate | undefined;
  };
  auth?: AuthInfo;
}

/** A request that an {@link AuthInfo} can be put on; Fastify's has Node's own in `raw`. */
export interface AuthenticatedRequest extends CredentialsSource {
  /** The HTTP method; a `POST` to an `@McpEndpoint()` has to hold JSON-RPC. */
  method?: string;
  /** The parsed body, or a message's payload, which an `@McpEndpoint()` is authorized by. */
  body?: unknown;
  /** The caller, once the guard has let the request in. */
  auth?: AuthInfo;
  /** Node's own request, on Fastify. */
  raw?: NodeRequest;
}
