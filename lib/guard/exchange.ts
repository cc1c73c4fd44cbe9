import type { ExecutionContext } from '@nestjs/common';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { nameOf } from '../handler/handler.js';
import type { ProtectedAccess } from '../policy/access-policy.js';
import type { AuthenticatedRequest, NodeRequest } from '../transport/authenticated-request.js';
import type { CallTransport } from '../transport/transports.js';
import type { PresentedToken } from './credentials.js';
import type { ObservedRequest } from './request-events.js';

/**
 * A request to a protected handler. It has the request itself, the policy of the handler, and the token and
 * the caller, as soon as they are known.
 */
export class Exchange {
  /** The token of the request, if it has one. */
  token: PresentedToken | undefined;
  /** The caller that the token identifies; `undefined` for an anonymous caller. */
  caller: AuthInfo | undefined;
  private readonly startedAt = performance.now();

  constructor(
    readonly context: ExecutionContext,
    readonly transport: CallTransport,
    readonly request: AuthenticatedRequest,
    /** Node's own request object. */
    readonly node: NodeRequest,
    /** The policy of the handler. If its resource has tenants, the policy for the tenant replaces it. */
    public policy: ProtectedAccess,
  ) {}

  /** This request, as events describe it. */
  get observed(): ObservedRequest {
    const { context, request, policy, caller, startedAt } = this;
    return {
      resource: policy.resource.resource,
      handler: this.handlerName,
      transport: context.getType(),
      body: policy.mcp && request.body,
      caller,
      startedAt,
    };
  }

  /** The name of the handler in messages. */
  get handlerName(): string {
    return nameOf(this.policy.handler);
  }
}
