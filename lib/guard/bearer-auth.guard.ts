import type { ServerResponse } from 'node:http';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { assertOwnStore, setCurrentAuthInfo } from '../auth-info/auth-info.context.js';
import { handOver } from '../auth-info/auth-info.interceptor.js';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { AccessTokenVerifier } from '../authentication/access-token-verifier.js';
import { BearerAuthException } from '../challenge/bearer-auth.exception.js';
import { McpNestEndpointPolicy } from '../mcp-nest/mcp-nest-endpoint.js';
import { introduceToMcpNest } from '../mcp-nest/mcp-nest-user.js';
import { McpExchanges } from '../mcp/mcp-exchange.js';
import { stepUpForm } from '../mcp/tool-result-step-up.js';
import { AccessPolicyRegistry } from './access-policy-registry.js';
import type { ProtectedAccess } from './access-policy.js';
import { authorize, authorizeAnonymous, challengesFor } from './authorization.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { readBearerCredentials, type CredentialsSource } from './bearer-credentials.js';
import { refusalOf, setRefusalHeaders } from './refusal.js';
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
  constructor(
    private readonly policies: AccessPolicyRegistry,
    private readonly verifier: AccessTokenVerifier,
    private readonly host: HttpAdapterHost,
    private readonly mcpExchanges: McpExchanges,
  ) {}

  /** @throws BearerAuthException if the request is refused */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.isLeftAlone(context)) {
      return true;
    }
    const policy = this.policies.get(context.getClass(), context.getHandler() as () => unknown);
    const { store } = transportOf(context);
    if (policy === 'public' && store !== 'opened') {
      return true;
    }
    const request = this.getRequest(context);
    assertOwnStore(this.nodeRequest(request), store);
    if (policy === 'public') {
      return true;
    }
    try {
      const caller = await this.admit(request, policy);
      if (caller !== undefined && store !== 'opened') {
        handOver(context, caller);
      }
      this.openMcpExchange(context, request, policy, caller);
      return true;
    } catch (error) {
      const refused = refusalOf(error, challengesFor(request, policy));
      const refusal = stepUpForm(refused, request, policy);
      throw refusal instanceof BearerAuthException ? await this.refuse(refusal, context) : refusal;
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

  /** Makes the answer of a refusal: sets its header fields, and gives what is to be thrown. */
  private async refuse(refusal: BearerAuthException, context: ExecutionContext): Promise<Error> {
    const response = this.getResponse(context);
    if (response !== undefined) {
      setRefusalHeaders(this.host.httpAdapter, response, refusal);
    }
    return transportOf(context).toError(refusal);
  }

  private async admit(
    request: AuthenticatedRequest,
    policy: ProtectedAccess,
  ): Promise<AuthInfo | undefined> {
    const node = this.nodeRequest(request);
    const credentials = readBearerCredentials(node);
    if (credentials.kind === 'unreadable') {
      throw challengesFor(request, policy).invalidRequest(credentials.description);
    }
    if (credentials.kind === 'token') {
      const authInfo = await this.verifier.verify(credentials.token, policy.resource);
      attach(authInfo, request, node);
      if (policy.mcp instanceof McpNestEndpointPolicy) {
        introduceToMcpNest(authInfo, policy.resource.scopeHierarchy, request, node);
      }
      await authorize(request, authInfo, policy);
      return authInfo;
    }
    if (!policy.anonymous) {
      throw challengesFor(request, policy).missingToken();
    }
    await authorizeAnonymous(request, policy);
    return undefined;
  }

  private openMcpExchange(
    context: ExecutionContext,
    request: AuthenticatedRequest,
    { mcp, resource: { scopeHierarchy } }: ProtectedAccess,
    caller: AuthInfo | undefined,
  ): void {
    if (mcp !== undefined && context.getType() === 'http') {
      const node = this.nodeRequest(request);
      const response = this.nodeResponse(this.getResponse(context));
      const { body } = request;
      this.mcpExchanges.open({
        policy: mcp,
        scopeHierarchy,
        caller,
        request: node,
        body,
        response,
      });
    }
  }

  private nodeResponse(response: unknown): ServerResponse {
    const isFastify = this.host.httpAdapter.getType() === 'fastify';
    return isFastify ? (response as { raw: ServerResponse }).raw : (response as ServerResponse);
  }

  /** Asked of the adapter: on Express, `raw` is whatever a middleware has put there. */
  private nodeRequest(request: AuthenticatedRequest): CredentialsSource & { auth?: AuthInfo } {
    const { raw } = request;
    return raw !== undefined && this.host.httpAdapter.getType() === 'fastify' ? raw : request;
  }
}

/** On Fastify the SDK's transports are given Node's own request. */
function attach(
  authInfo: AuthInfo,
  request: AuthenticatedRequest,
  node: { auth?: AuthInfo },
): void {
  request.auth = authInfo;
  node.auth = authInfo;
  setCurrentAuthInfo(authInfo, node);
}
