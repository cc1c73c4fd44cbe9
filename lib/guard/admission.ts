import { Injectable } from '@nestjs/common';
import { setCallerOfRequest } from '../auth-info/auth-info.context.js';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { AccessTokenVerifier } from '../authentication/access-token-verifier.js';
import { SubstituteVerifier } from '../authentication/substitute-verifier.js';
import { TimeLimit } from '../authentication/time-limit.js';
import { TokenForms } from '../authentication/token-forms.js';
import type { Challenges } from '../challenge/challenges.js';
import { McpNestEndpointPolicy } from '../mcp-nest/mcp-nest-endpoint.js';
import { introduceToMcpNest } from '../mcp-nest/mcp-nest-user.js';
import type { ProtectedAccess } from '../access/access-policy.js';
import { nameOf } from '../access/handler.js';
import type { AuthenticatedRequest, NodeRequest } from './authenticated-request.js';
import { authorize, authorizeAnonymous, challengesFor } from './authorization.js';
import { readCredentials, type Credentials } from './credentials.js';
import { Possession } from './possession.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import { RevocationList } from '../revocation/revocation-list.js';
import { TokenVerifier } from '../token/token-verifier.js';
import { whenKnown } from '../async/when-known.js';

type Presented = Extract<Credentials<AuthInfo | Promise<AuthInfo>>, { kind: 'token' }>;

/** Decides whether a request meets what its handler demands. */
@Injectable()
export class Admission {
  private readonly verifier: Pick<AccessTokenVerifier, 'verify' | 'recall'>;

  constructor(
    verifier: TokenVerifier,
    private readonly possession: Possession,
    private readonly forms: TokenForms,
    private readonly limit: TimeLimit,
    revocations: RevocationList,
  ) {
    // A test may have overridden the provider, under either of its two names.
    this.verifier =
      verifier instanceof AccessTokenVerifier
        ? verifier
        : new SubstituteVerifier(verifier, revocations);
  }

  /**
   * The caller, put on the request and in the store; nothing for an anonymous one that is welcome.
   *
   * @throws BearerAuthException, or an error of the token's or of the authorization server's, if the
   * request is not to be let in
   */
  admit(
    request: AuthenticatedRequest,
    node: NodeRequest,
    policy: ProtectedAccess,
  ): AuthInfo | undefined | Promise<AuthInfo | undefined> {
    const { resource } = policy;
    const credentials = this.read(node, resource);
    switch (credentials.kind) {
      case 'unreadable':
        throw challengesFor(request, policy).invalidRequest(credentials.description);
      case 'none':
        return this.admitAnonymous(request, policy);
      case 'token':
        return whenKnown(this.verify(credentials, node, resource), (authInfo) => {
          introduce(authInfo, request, node, policy);
          const authorized = authorize(request, authInfo, policy);
          return whenKnown(this.limited(authorized, policy), () => authInfo);
        });
    }
  }

  /**
   * Returns the caller whose valid token a request presents, whatever the token allows.
   *
   * @throws BearerAuthException, or an error of the token's or of the authorization server's, if there is none
   */
  authenticate(
    node: NodeRequest,
    resource: ProtectedResource,
    challenges: Challenges,
  ): AuthInfo | Promise<AuthInfo> {
    const credentials = this.read(node, resource);
    switch (credentials.kind) {
      case 'unreadable':
        throw challenges.invalidRequest(credentials.description);
      case 'none':
        throw challenges.missingToken();
      case 'token':
        return this.verify(credentials, node, resource);
    }
  }

  private read(
    node: NodeRequest,
    resource: ProtectedResource,
  ): Credentials<AuthInfo | Promise<AuthInfo>> {
    return readCredentials(
      node,
      resource.dpop,
      (token) => this.verifier.recall(token, resource),
      (text) => this.forms.isToken(text, resource),
    );
  }

  /** What is kept of a token says whose it is; that the sender is theirs is proved by each request. */
  private verify(
    { token, isDpop, recalled }: Presented,
    node: NodeRequest,
    resource: ProtectedResource,
  ): AuthInfo | Promise<AuthInfo> {
    return whenKnown(recalled ?? this.verifier.verify(token, resource), (authInfo) =>
      this.possession.isNeeded(authInfo, isDpop, resource)
        ? this.possession.prove(authInfo, isDpop, node, resource)
        : authInfo,
    );
  }

  private admitAnonymous(
    request: AuthenticatedRequest,
    policy: ProtectedAccess,
  ): undefined | Promise<undefined> {
    if (!policy.anonymous) {
      throw challengesFor(request, policy).missingToken();
    }
    return this.limited(authorizeAnonymous(request, policy), policy);
  }

  /** Conditions, and scopes that are computed, are the application's own functions. */
  private limited<T>(authorized: T | Promise<T>, { handler }: ProtectedAccess): T | Promise<T> {
    return this.limit.of(
      authorized,
      () =>
        `A condition of @RequireAuth(), or a function of @RequireScopes() or @McpEndpoint(), on ${nameOf(handler)}`,
    );
  }
}

/** Before its scopes are looked at, so that who was refused can be told. */
function introduce(
  authInfo: AuthInfo,
  request: AuthenticatedRequest,
  node: NodeRequest,
  { mcp }: ProtectedAccess,
): void {
  request.auth = authInfo;
  if (node !== request) {
    // On Fastify the SDK's transports are given Node's own request.
    node.auth = authInfo;
  }
  setCallerOfRequest(authInfo, node);
  if (mcp instanceof McpNestEndpointPolicy) {
    introduceToMcpNest(authInfo, request, node);
  }
}
