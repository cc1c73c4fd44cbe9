import { Injectable, type Type } from '@nestjs/common';
import { whenKnown } from '../async/when-known.js';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { createAuthInfo } from '../auth-info/create-auth-info.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { InvalidTokenError } from '../errors/invalid-token.error.js';
import { IntrospectionTokenVerifier } from '../introspection/introspection-token-verifier.js';
import { readUnverified } from '../jwt/read-unverified.js';
import { JwtTokenVerifier } from '../jwt/jwt-token-verifier.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import { RevocationList } from '../revocation/revocation-list.js';
import { TokenVerifier, type VerifiedToken, type VerifyToken } from '../token/token-verifier.js';
import { OwnVerifiers } from './own-verifiers.js';
import { TokenCache, type CachedCaller } from './token-cache.js';
import { TokenForms } from './token-forms.js';
import { assertAcceptable } from './token-policy.js';
import { TrustedIssuers } from './trusted-issuers.js';

/**
 * The verification that the guard uses: by the resource's own verifier, as a JWT, or by introspection, and
 * then, in any case, by what the resource accepts. A token that was accepted lately is not verified again
 * (`tokenCache`, `introspection.cacheTtl`).
 */
@Injectable()
export class AccessTokenVerifier extends TokenVerifier {
  constructor(
    private readonly own: OwnVerifiers,
    private readonly jwts: JwtTokenVerifier,
    private readonly introspection: IntrospectionTokenVerifier,
    private readonly issuers: TrustedIssuers,
    private readonly cache: TokenCache,
    private readonly forms: TokenForms,
    private readonly revocations: RevocationList,
  ) {
    super();
  }

  /**
   * Verifies a token for a resource. What cannot be a token there, by its characters, reaches nobody.
   *
   * @throws InvalidTokenError if the token is not valid, or not for this resource.
   * @throws AuthorizationServerError, StateStoreUnavailableError if that cannot be told now.
   */
  override verify(token: string, resource: ProtectedResource): AuthInfo | Promise<AuthInfo> {
    assertText(token);
    return (
      this.recall(token, resource) ??
      whenKnown(this.meet(token, resource), (authInfo) => this.revocations.check(authInfo))
    );
  }

  /**
   * The caller whose token was accepted for this resource lately, for less than it takes to look at the
   * token's characters; nothing for any other token.
   *
   * @throws InvalidTokenError, StateStoreUnavailableError as `verify` does, if it may have been revoked.
   */
  recall(token: string, resource: ProtectedResource): AuthInfo | Promise<AuthInfo> | undefined {
    const authInfo = resource.tokenVerifier ? undefined : this.cache.recall(token, resource);
    return authInfo && this.revocations.check(authInfo);
  }

  private meet(token: string, resource: ProtectedResource): AuthInfo | Promise<AuthInfo> {
    const { tokenVerifier, tenants } = resource;
    if (tenants !== undefined) {
      throw new McpAuthConfigurationError(
        `${resource.resource} only stands for the resources of its tenants; verify tokens for one of them, such as (await resource.tenants.get(name)).`,
      );
    }
    if (!this.forms.isToken(token, resource)) {
      throw new InvalidTokenError('malformed');
    }
    return tokenVerifier
      ? this.acceptByOwn(tokenVerifier, token, resource)
      : this.cache.meet(token, resource, () => this.accept(token, resource));
  }

  private async accept(token: string, resource: ProtectedResource): Promise<CachedCaller> {
    const { context, stillTrusted } = await this.issuers.of(resource, () => issuerIn(token));
    const isIntrospected = await this.introspection.isFor(token, context);
    const verifier = isIntrospected ? this.introspection : this.jwts;
    const { verified, validUntil, keepFor, size, stillHolds } = await verifier.examine(
      token,
      context,
    );
    assertAcceptable(verified, context);
    return {
      authInfo: createAuthInfo(token, verified, resource),
      validUntil,
      keepFor,
      size,
      stillHolds: stillTrusted ? () => stillTrusted() && stillHolds() : stillHolds,
    };
  }

  private async acceptByOwn(
    verifier: VerifyToken | Type<TokenVerifier>,
    token: string,
    resource: ProtectedResource,
  ): Promise<AuthInfo> {
    const claimed = await this.issuers.of(resource, () => issuerIn(token));
    const verified = await this.own.verify(verifier, token, claimed.context);
    // It need not be a JWT that names its issuer, nor the one that it names.
    const { context } = await this.issuers.of(resource, () => issuerOf(verified));
    assertAcceptable(verified, context);
    // The application may go on using what it returned.
    return createAuthInfo(token, { ...verified, claims: { ...verified.claims } }, resource);
  }
}

/** Messages of sockets hold anything; a list of one token reads as that token to much of the platform. */
function assertText(token: unknown): void {
  if (typeof token !== 'string') {
    throw new InvalidTokenError('malformed');
  }
}

/** Whose a token says that it is; nothing of it is believed. */
function issuerIn(token: string): unknown {
  return readUnverified(token)?.iss;
}

/** What comes from the application's own code need not be of its type. */
function issuerOf(verified: Partial<VerifiedToken> | undefined): unknown {
  return verified?.issuer;
}
