import type { ExecutionContext } from '@nestjs/common';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { nameOf } from '../handler/handler.js';
import type { ProtectedAccess } from '../policy/access-policy.js';
import type { AuthenticatedRequest, NodeRequest } from '../transport/authenticated-request.js';
import type { CallTransport } from '../transport/transports.js';
import type { PresentedToken } from './credentials.js';

/** One request at a protected handler: what came, what the handler requires, and what was found out so far. */
export class Exchange {
  /** The token that the request presents, if it presents one. */
  token: PresentedToken | undefined;
  /** The caller whose token it is. Nothing for an anonymous one. */
  caller: AuthInfo | undefined;

  constructor(
    readonly context: ExecutionContext,
    readonly transport: CallTransport,
    readonly request: AuthenticatedRequest,
    /** Node's own request. */
    readonly node: NodeRequest,
    /** What the handler requires. Where its resource has tenants, the tenant's policy takes its place. */
    public policy: ProtectedAccess,
  ) {}

  /** The name of the handler, as messages have it. */
  get handlerName(): string {
    return nameOf(this.policy.handler);
  }
}
