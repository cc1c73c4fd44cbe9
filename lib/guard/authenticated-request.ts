import type { AuthInfo } from '../auth-info/auth-info.js';
import type { ConnectedRequest } from '../client-certificate/client-certificate.js';
import type { DpopRequest } from '../dpop/dpop-proofs.js';
import type { CredentialsSource } from './credentials.js';

/** Node's own request, or what has its header fields where there is none. */
export type NodeRequest = CredentialsSource & ConnectedRequest & DpopRequest & { auth?: AuthInfo };

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
