import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { assertOwnStore, setCurrentAuthInfo } from '../auth-info/auth-info.context.js';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { AccessTokenVerifier } from '../authentication/access-token-verifier.js';
import { BearerAuthException } from '../challenge/bearer-auth.exception.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { AccessPolicyRegistry } from './access-policy-registry.js';
import type { ProtectedAccess } from './access-policy.js';
import { authorize, authorizeAnonymous, challengesFor } from './authorization.js';
import { readBearerCredentials, type CredentialsSource } from './bearer-credentials.js';
import { refusalOf, setRefusalHeaders } from './refusal.js';

/** A request that an {@link AuthInfo} can be put on; Fastify's has Node's own in `raw`. */
export interface AuthenticatedRequest extends CredentialsSource {
  method?: string;
  /** The parsed body, which an `@McpEndpoint()` is authorized by. */
  body?: unknown;
  /** The caller, once the guard has let the request in. */
  auth?: AuthInfo;
  /** Node's own request, on Fastify. */
  raw?: CredentialsSource & { auth?: AuthInfo };
}

/**
 * Lets a request in if it bears an access token that is valid for the handler's resource and has the
 * scopes that the handler needs; else it answers 400, 401, 403 or 503 with the challenge that tells
 * the client what to do (RFC 6750, section 3; RFC 9728, section 5.1).
 *
 * Everything is protected that is not marked `@Public()` or `@OptionalAuth()`. The caller is put on
 * the request as `auth`, where the MCP SDK's transports look for it, and is what {@link AuthInfo}
 * gives from then on.
 *
 * The module binds it globally. A subclass can change how it comes by the request and the response.
 */
@Injectable()
export class BearerAuthGuard implements CanActivate {
  constructor(
    private readonly policies: AccessPolicyRegistry,
    private readonly verifier: AccessTokenVerifier,
    private readonly host: HttpAdapterHost,
  ) {}

  /** @throws BearerAuthException if the request is refused */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const policy = this.policies.get(context.getClass(), context.getHandler() as () => unknown);
    const request = this.getRequest(context);
    assertOwnStore(this.nodeRequest(request));
    if (policy === 'public') {
      return true;
    }
    try {
      await this.admit(request, policy);
      return true;
    } catch (error) {
      const refusal = refusalOf(error, challengesFor(request, policy));
      if (refusal instanceof BearerAuthException) {
        setRefusalHeaders(this.host.httpAdapter, this.getResponse(context), refusal);
      }
      throw refusal;
    }
  }

  /** The request; by default that of an HTTP handler. */
  protected getRequest(context: ExecutionContext): AuthenticatedRequest {
    assertHttp(context);
    return context.switchToHttp().getRequest<AuthenticatedRequest>();
  }

  /** The response; by default that of an HTTP handler. */
  protected getResponse(context: ExecutionContext): unknown {
    assertHttp(context);
    return context.switchToHttp().getResponse<unknown>();
  }

  private async admit(request: AuthenticatedRequest, policy: ProtectedAccess): Promise<void> {
    const node = this.nodeRequest(request);
    const credentials = readBearerCredentials(node);
    if (credentials.kind === 'unreadable') {
      throw challengesFor(request, policy).invalidRequest(credentials.description);
    }
    if (credentials.kind === 'token') {
      const authInfo = await this.verifier.verify(credentials.token, policy.resource);
      attach(authInfo, request, node);
      return authorize(request, authInfo, policy);
    }
    if (!policy.anonymous) {
      throw challengesFor(request, policy).missingToken();
    }
    return authorizeAnonymous(request, policy);
  }

  /** Asked of the adapter: on Express, `raw` is whatever a middleware has put there. */
  private nodeRequest(request: AuthenticatedRequest): CredentialsSource & { auth?: AuthInfo } {
    const isFastify = this.host.httpAdapter.getType() === 'fastify';
    return isFastify ? (request.raw ?? request) : request;
  }
}

/** On Fastify the SDK's transports are given Node's own request. */
function attach(authInfo: AuthInfo, ...requests: { auth?: AuthInfo }[]): void {
  for (const request of requests) {
    request.auth = authInfo;
  }
  setCurrentAuthInfo(authInfo);
}

/** Rather no answer than one that lets in whoever calls by another way. */
function assertHttp(context: ExecutionContext): void {
  if (context.getType() !== 'http') {
    throw new McpAuthConfigurationError(
      `BearerAuthGuard protects HTTP handlers, and ${context.getClass().name}.${context.getHandler().name} is called by ${context.getType()}; mark it @Public(), or override getRequest() and getResponse() in a subclass.`,
    );
  }
}
