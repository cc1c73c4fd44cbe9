import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { atOnce } from '../async/at-once.js';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { setCallerOfCall } from '../auth-info/call-stores.js';
import { BearerAuthException } from '../challenge/bearer-auth.exception.js';
import { toError } from '../errors/to-error.js';
import { McpExchanges } from '../mcp/mcp-exchange.js';
import { stepUpForm } from '../mcp/tool-result-step-up.js';
import { AccessPolicyRegistry } from '../access/access-policy-registry.js';
import type { ProtectedAccess } from '../access/access-policy.js';
import { nameOf } from '../access/handler.js';
import { Admission } from './admission.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { challengesFor } from './authorization.js';
import { noteGuard } from './message-fence.js';
import { nodeRequest, nodeResponse } from './node-exchange.js';
import { enterOwnStore } from './own-store.js';
import { refusalOf, setExposedHeaders } from './refusal.js';
import { logRejection } from './rejection-log.js';
import { warnOfUnparsedBody } from './unparsed-body.js';
import { accessOfTenant } from './tenant-access.js';
import { whenKnown } from '../async/when-known.js';
import { transportOf } from './transport/transport-of.js';

/**
 * Lets a request in if it bears an access token that is valid for the handler's resource and has the
 * scopes that the handler needs; else it answers 400, 401, 403 or 503 with the challenge that tells
 * the client what to do (RFC 6750, section 3; RFC 9728, section 5.1).
 *
 * Everything is protected that is not marked `@Public()` or `@OptionalAuth()`. The caller is put on
 * the request as `auth`, where the MCP SDK's transports look for it, and is what {@link AuthInfo}
 * gives from then on.
 *
 * The module binds it globally: to controllers, GraphQL resolvers and WebSocket gateways. A subclass
 * can change how it comes by the request and the response.
 */
@Injectable()
export class BearerAuthGuard implements CanActivate {
  // By property, so that a subclass has its constructor to itself.
  @Inject() private readonly policies!: AccessPolicyRegistry;
  @Inject() private readonly admission!: Admission;
  @Inject() private readonly mcpExchanges!: McpExchanges;
  @Inject() private readonly host!: HttpAdapterHost;

  /** @throws BearerAuthException if the request is refused */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    try {
      noteGuard(context);
      return this.decide(context);
    } catch (thrown) {
      throw toError(thrown);
    }
  }

  /**
   * Whether the handler is none of this guard's business. By default: a microservice's, called by
   * messages, unless `@RequireScopes()`, `@Resource()`, `@McpEndpoint()` or `@OptionalAuth()` stands
   * on it or on its class.
   */
  protected isLeftAlone(context: ExecutionContext): boolean {
    const [type, handler] = [context.getClass(), context.getHandler() as () => unknown];
    return context.getType() === 'rpc' && !this.policies.isMarked(type, handler);
  }

  /** The request; a WebSocket message's has the headers of its handshake. */
  protected getRequest(context: ExecutionContext): AuthenticatedRequest {
    return transportOf(context).getRequest(context);
  }

  /** The response that the header fields of a refusal are set on; `undefined` if there is none. */
  protected getResponse(context: ExecutionContext): unknown {
    return transportOf(context).getResponse(context);
  }

  private decide(context: ExecutionContext): boolean | Promise<boolean> {
    // Of what a subclass returns, only this lets a request by.
    if ((atOnce(this.isLeftAlone(context), 'isLeftAlone()') as unknown) === true) {
      return true;
    }
    const policy = this.policies.get(context.getClass(), context.getHandler() as () => unknown);
    if (policy === 'public') {
      this.letInAnybody(context);
      return true;
    }
    const request = atOnce(this.getRequest(context), 'getRequest()');
    return policy.resource.tenants === undefined
      ? this.protect(request, policy, context)
      : this.protectTenant(request, policy, context);
  }

  private async protectTenant(
    request: AuthenticatedRequest,
    policy: ProtectedAccess,
    context: ExecutionContext,
  ): Promise<boolean> {
    let ofTenant: ProtectedAccess;
    try {
      ofTenant = await accessOfTenant(nodeRequest(this.host.httpAdapter, request), policy);
    } catch (error) {
      return this.refuse(error, request, policy, context);
    }
    return this.protect(request, ofTenant, context);
  }

  private protect(
    request: AuthenticatedRequest,
    policy: ProtectedAccess,
    context: ExecutionContext,
  ): boolean | Promise<boolean> {
    const refuse = async (error: unknown) => this.refuse(error, request, policy, context);
    try {
      const admitted = this.admit(request, policy, context);
      return admitted === true || admitted.catch(refuse);
    } catch (error) {
      return refuse(error);
    }
  }

  private admit(
    request: AuthenticatedRequest,
    policy: ProtectedAccess,
    context: ExecutionContext,
  ): true | Promise<true> {
    const node = nodeRequest(this.host.httpAdapter, request);
    enterOwnStore(node, context);
    policy.origins?.assertAllowed(node.headers);
    return whenKnown(this.admission.admit(request, node, policy), (caller) => {
      this.letIn(caller, request, policy, context);
      return true;
    });
  }

  private letIn(
    caller: AuthInfo | undefined,
    request: AuthenticatedRequest,
    policy: ProtectedAccess,
    context: ExecutionContext,
  ): void {
    const { httpAdapter } = this.host;
    if (transportOf(context).store !== 'opened') {
      setCallerOfCall(context, caller);
    }
    if (context.getType() !== 'http') {
      return;
    }
    const exchange = {
      nameOf: () => nameOf(policy.handler),
      caller,
      request: nodeRequest(httpAdapter, request),
      body: request.body,
    };
    if (policy.mcp === undefined) {
      this.mcpExchanges.notice(exchange);
    } else {
      const response = nodeResponse(httpAdapter, this.getResponse(context));
      this.mcpExchanges.open({ ...exchange, policy: policy.mcp, response });
    }
  }

  private async refuse(
    error: unknown,
    request: AuthenticatedRequest,
    policy: ProtectedAccess,
    context: ExecutionContext,
  ): Promise<never> {
    try {
      const refusal = refusalOf(toError(error), () => challengesFor(request, policy));
      logRejection(refusal, request, policy.resource, () => nameOf(policy.handler));
      warnOfUnparsedBody(refusal, request, policy);
      throw await this.toAnswer(stepUpForm(refusal, request, policy), context);
    } catch (thrown) {
      throw toError(thrown);
    }
  }

  /** A public handler, too, must not be told another request's caller. */
  private letInAnybody(context: ExecutionContext): void {
    if (transportOf(context).store === 'opened') {
      enterOwnStore(nodeRequest(this.host.httpAdapter, this.getRequest(context)), context);
    } else {
      setCallerOfCall(context, undefined);
    }
  }

  /** What is thrown for a refusal, its header fields set. */
  private async toAnswer(refusal: unknown, context: ExecutionContext): Promise<unknown> {
    if (!(refusal instanceof BearerAuthException)) {
      return refusal;
    }
    setExposedHeaders(this.host.httpAdapter, this.getResponse(context), refusal.headers);
    return transportOf(context).toError(refusal);
  }
}
