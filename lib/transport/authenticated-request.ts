import type { X509Certificate } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { AuthInfo } from '../auth-info/auth-info.js';

/** The part of Node's request from which credentials are read. */
export interface CredentialsSource {
  headers: IncomingHttpHeaders;
  rawHeaders?: string[];
  /** The connection. Only a TLS connection has the method that returns the client's certificate. */
  readonly socket?: {
    readonly remoteAddress?: string;
    getPeerX509Certificate?(): X509Certificate | undefined;
  };
}

/** The request of Node. If there is none, the object in its place, which has at least the header fields. */
export interface NodeRequest extends CredentialsSource {
  readonly method?: string;
  readonly url?: string;
  /** The target that the client sent, on Express. Middleware may have changed `url`. */
  readonly originalUrl?: string;
  auth?: AuthInfo;
}

/** A request that an {@link AuthInfo} can be attached to. Fastify's request has Node's own in `raw`. */
export interface AuthenticatedRequest extends CredentialsSource {
  /** The HTTP method. A `POST` to an `@McpEndpoint()` must contain JSON-RPC. */
  method?: string;
  /**
   * The parsed body, or the payload of a message. On an `@McpEndpoint()`, the body decides which permissions the
   * caller needs.
   */
  body?: unknown;
  /** The caller, once the guard has let the request in. */
  auth?: AuthInfo;
  /** The request of Node, on Fastify. */
  raw?: NodeRequest;
}
