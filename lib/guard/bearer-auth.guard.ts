import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { assertNotPromise } from '../async/assert-not-promise.js';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { setCallerOfCall } from '../auth-info/call-stores.js';
import { BearerAuthException } from '../challenge/bearer-auth.exception.js';
import { setExposedHeaders } from '../challenge/exposed-headers.js';
import { MissingTokenError } from '../errors/missing-token.error.js';
import { toError } from '../errors/to-error.js';
import { McpExchanges } from '../mcp/mcp-exchange.js';
import { Possession } from '../possession/possession.js';
import type { ProtectedAccess } from '../policy/access-policy.js';
import { AccessPolicyRegistry } from '../policy/access-policy-registry.js';
import type { AuthenticatedRequest } from '../transport/authenticated-request.js';
import { rawRequest, rawResponse } from '../transport/raw-exchange.js';
import { transportOf } from '../transport/transports.js';
import { RevocationList } from '../verification/revocation/revocation-list.js';
import { Authorization } from './authorization.js';
import { attachCaller } from './attach-caller.js';
import { readToken } from './credentials.js';
import { Exchange } from './exchange.js';
import { recordGuardRan } from './message-fence.js';
import { enterOwnStore } from './own-store.js';
import { PresentedTokenVerifier } from './presented-token-verifier.js';
import { rejectionOf } from './rejection-of.js';
import { RequestObserver } from './request-observer.js';
import { sendNonce } from './send-nonce.js';
import { accessOfTenant } from './tenant-access.js';
import { varyByCaller } from './vary-by-caller.js';

/**
 * Lets a request in if its access token is valid for the handler's resource and has the scopes that the
 * handler needs, and the caller meets the handler's conditions. It rejects other requests with 400, 401, 403 or
 * 503. The challenge tells the client what to do (RFC 6750, section 3; RFC 9728, section 5.1). The guard answers
 * 404 for an unknown tenant and for another caller's MCP session, and 500 for a fault of the application. With
 * `stepUp: 'tool-result'` of an `@McpEndpoint()`, a rejection for missing scopes is a tool result with 200.
 *
 * It requires a token for every handler that is not marked `@Public()` or `@OptionalAuth()`. Message handlers
 * of microservices are **not** protected, unless they have a decorator such as `@RequireScopes()`. The guard
 * sets the caller on the request as `auth`, where the MCP SDK's transports look for it. From then on, the
 * injected {@link AuthInfo} returns this caller's data.
 *
 * The module binds the guard globally, unless its option `guard` is `false`: to controllers, GraphQL resolvers
 * and, from Nest 12 on, WebSocket gateways. A subclass can change how the guard gets the request and the
 * response, and which handlers it skips.
 */
@Injectable()
export class BearerAuthGuard implements CanActivate {
  // Injected as properties, so that a subclass can have a constructor of its own.
  @Inject() private readonly policies!: AccessPolicyRegistry;
  @Inject() private readonly verifier!: PresentedTokenVerifier;
  @Inject() private readonly revocations!: RevocationList;
  @Inject() private readonly possession!: Possession;
  @Inject() private readonly authorization!: Authorization;
  @Inject() private readonly mcpExchanges!: McpExchanges;
  @Inject() private readonly observer!: RequestObserver;
  @Inject() private readonly host!: HttpAdapterHost;

  /**
   * Decides whether to let a request in. A step that has nothing to wait for returns no promise, because each
   * `await` slows every request down.
   *
   * @throws BearerAuthException if the request is rejected with 400, 401, 403 or 503. In a gateway or a
   * microservice, Nest's own exception has it as its `cause`
   * @throws HttpException for a 404 and for a tool result; any other error becomes a 500
   */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    let exchange: Exchange | undefined;
    try {
      recordGuardRan(context);
      if (this.skips(context)) {
        return true;
      }
      const policy = this.policies.get(context.getClass(), context.getHandler() as () => unknown);
      if (policy === 'public') {
        return this.letAnyoneIn(context);
      }
      exchange = this.receive(context, policy);
      if (policy.resource.tenants !== undefined) {
        exchange.policy = await accessOfTenant(exchange.node, policy);
      }
      enterOwnStore(exchange.node, context);
      // Pages of other sites are rejected before their token is read.
      exchange.policy.origins?.assertAllowed(exchange.node.headers);
      exchange.token = readToken(exchange.node, exchange.policy.resource);
      exchange.caller = this.getCached(exchange) ?? (await this.verify(exchange));
      if (this.revocations.mayHold(exchange.caller)) {
        await this.revocations.assertNotRevoked(exchange.caller);
      }
      if (this.possession.isNeeded(exchange.caller, exchange.token)) {
        await this.provePossession(exchange);
      }
      attachCaller(exchange);
      const authorization = this.authorization.authorize(exchange.caller, exchange);
      if (authorization !== undefined) {
        await authorization;
      }
      this.letIn(exchange);
      return true;
    } catch (error) {
      throw await this.reject(error, exchange);
    }
  }

  /**
   * Returns `true` if the guard should skip the handler. By default it skips message handlers of
   * microservices. It does not skip a message handler that has `@RequireScopes()`, `@RequireAuth()`,
   * `@RequireClaims()`, `@Resource()`, `@McpEndpoint()` or `@OptionalAuth()` on it or on its class. It does skip
   * a method that an MCP endpoint serves, such as a tool of MCP-Nest, because the endpoint checks its scopes.
   */
  protected isLeftAlone(context: ExecutionContext): boolean {
    const [type, handler] = [context.getClass(), context.getHandler() as () => unknown];
    return context.getType() === 'rpc' && !this.policies.isMarked(type, handler);
  }

  /** Returns the request. For a WebSocket message it has the headers of the handshake. */
  protected getRequest(context: ExecutionContext): AuthenticatedRequest {
    return transportOf(context).getRequest(context);
  }

  /** Returns the response on which the guard sets header fields, or `undefined` if there is none. */
  protected getResponse(context: ExecutionContext): unknown {
    return transportOf(context).getResponse(context);
  }

  /** Returns `true` only for a literal `true`, so that no other truthy value from a subclass skips the guard. */
  private skips(context: ExecutionContext): boolean {
    return (assertNotPromise(this.isLeftAlone(context), 'isLeftAlone()') as unknown) === true;
  }

  /** Makes sure that a public handler does not see the caller of another request. */
  private letAnyoneIn(context: ExecutionContext): true {
    if (transportOf(context).store === 'opened') {
      enterOwnStore(rawRequest(this.host.httpAdapter, this.getRequest(context)), context);
    } else {
      setCallerOfCall(context, undefined);
    }
    return true;
  }

  private receive(context: ExecutionContext, policy: ProtectedAccess): Exchange {
    const request = assertNotPromise(this.getRequest(context), 'getRequest()');
    const node = rawRequest(this.host.httpAdapter, request);
    const { proxyAssertion } = policy.resource;
    if (proxyAssertion !== undefined) {
      varyByCaller(proxyAssertion, this.host.httpAdapter, this.getResponse(context));
    }
    return new Exchange(context, transportOf(context), request, node, policy);
  }

  private getCached({ token }: Exchange): AuthInfo | undefined {
    return token && this.verifier.getCached(token);
  }

  /** @throws MissingTokenError if there is no token, and anonymous callers are not allowed */
  private verify({ token, policy }: Exchange): Promise<AuthInfo> | undefined {
    if (token !== undefined) {
      return this.verifier.verify(token);
    }
    if (!policy.anonymous) {
      throw new MissingTokenError();
    }
    return undefined;
  }

  private async provePossession({ context, caller, token, node }: Exchange): Promise<void> {
    const nonce = caller && token && (await this.possession.prove(caller, token, node));
    if (nonce !== undefined) {
      sendNonce(nonce, this.host.httpAdapter, this.getResponse(context));
    }
  }

  private letIn(exchange: Exchange): void {
    const { context, transport, caller, request, node, policy } = exchange;
    if (transport.store !== 'opened') {
      setCallerOfCall(context, caller);
    }
    if (context.getType() === 'http') {
      this.mcpExchanges.open({
        nameOf: () => exchange.handlerName,
        policy: policy.mcp,
        caller,
        request: node,
        body: request.body,
        response: () => rawResponse(this.host.httpAdapter, this.getResponse(context)),
      });
    }
    this.observer.accepted(() => exchange.observed);
  }

  /** Returns the error to throw. An error that happens here becomes a 500. */
  private async reject(thrown: unknown, exchange: Exchange | undefined): Promise<Error> {
    try {
      return await (exchange === undefined ? toError(thrown) : this.answer(thrown, exchange));
    } catch (failure) {
      return toError(failure);
    }
  }

  private answer(thrown: unknown, exchange: Exchange): Error | Promise<Error> {
    const error = toError(thrown);
    const rejection = rejectionOf(error, exchange);
    this.observer.rejected(() => exchange.observed, error, rejection);
    if (!(rejection instanceof BearerAuthException)) {
      return rejection;
    }
    const response = this.getResponse(exchange.context);
    setExposedHeaders(this.host.httpAdapter, response, rejection.headers);
    return exchange.transport.toError(rejection);
  }
}
