import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { whenKnown } from '../async/when-known.js';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { createAuthInfo } from '../auth-info/create-auth-info.js';
import { FailureLog } from '../authorization-server/failure-log.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { AuthorizationServerError } from '../errors/authorization-server.error.js';
import { IntrospectionTokenVerifier } from '../introspection/introspection-token-verifier.js';
import { readUnverified } from '../jwt/read-unverified.js';
import { JwtTokenVerifier } from '../jwt/jwt-token-verifier.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import { ProtectedResourceRegistry } from '../protected-resource/protected-resource-registry.js';
import { RevocationList } from '../revocation/revocation-list.js';
import {
  TokenVerifier,
  type TokenVerificationContext,
  type VerifiedToken,
  type VerifyToken,
} from '../token/token-verifier.js';
import { providerOrNew } from './provider-or-new.js';
import { TokenCache, type CachedCaller } from './token-cache.js';
import { assertAcceptable } from './token-policy.js';
import { TrustedIssuers } from './trusted-issuers.js';

/**
 * The verification that the guard uses: by the resource's own verifier, as a JWT, or by introspection, and
 * then, in any case, by what the resource accepts. A token that was accepted lately is not verified again
 * (`tokenCache`, `introspection.cacheTtl`).
 */
@Injectable()
export class AccessTokenVerifier extends TokenVerifier implements OnModuleInit {
  private readonly failures = new FailureLog();
  private readonly own = new Map<VerifyToken | Type<TokenVerifier>, VerifyToken>();

  constructor(
    private readonly resources: ProtectedResourceRegistry,
    private readonly jwts: JwtTokenVerifier,
    private readonly introspection: IntrospectionTokenVerifier,
    private readonly issuers: TrustedIssuers,
    private readonly cache: TokenCache,
    private readonly revocations: RevocationList,
    private readonly moduleRef: ModuleRef,
  ) {
    super();
  }

  async onModuleInit(): Promise<void> {
    for (const { tokenVerifier } of this.resources.all) {
      if (tokenVerifier !== undefined) {
        this.own.set(tokenVerifier, await this.toFunction(tokenVerifier));
      }
    }
  }

  /**
   * @throws InvalidTokenError if the token is not valid, or not for this resource.
   * @throws AuthorizationServerError, StateStoreUnavailableError if that cannot be told now.
   */
  override verify(token: string, resource: ProtectedResource): AuthInfo | Promise<AuthInfo> {
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
    return tokenVerifier
      ? this.acceptByOwn(this.ownOf(tokenVerifier), token, resource)
      : this.cache.meet(token, resource, () => this.accept(token, resource));
  }

  /** For a resource that is none of the registry's, nothing is known that could verify its tokens. */
  private ownOf(tokenVerifier: VerifyToken | Type<TokenVerifier>): VerifyToken {
    const own = this.own.get(tokenVerifier);
    if (own === undefined) {
      throw new McpAuthConfigurationError(
        'The tokenVerifier of a resource is none that the options name; take the resource from ProtectedResourceRegistry.',
      );
    }
    return own;
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
    own: VerifyToken,
    token: string,
    resource: ProtectedResource,
  ): Promise<AuthInfo> {
    const claimed = await this.issuers.of(resource, () => issuerIn(token));
    const verified = await this.verifyByOwn(own, token, claimed.context);
    // It need not be a JWT that names its issuer, nor the one that it names.
    const { context } = await this.issuers.of(resource, () => issuerOf(verified));
    assertAcceptable(verified, context);
    // The application may go on using what it returned.
    return createAuthInfo(token, { ...verified, claims: { ...verified.claims } }, resource);
  }

  /** Why a token could not be verified is told to the operator, as of our own fetches, now and then. */
  private async verifyByOwn(
    own: VerifyToken,
    token: string,
    context: TokenVerificationContext,
  ): Promise<VerifiedToken> {
    try {
      return await own(token, context);
    } catch (error) {
      if (error instanceof AuthorizationServerError) {
        this.failures.report(error);
      }
      throw error;
    }
  }

  private async toFunction(verifier: VerifyToken | Type<TokenVerifier>): Promise<VerifyToken> {
    if (!isVerifierClass(verifier)) {
      return verifier;
    }
    const instance = await providerOrNew(verifier, this.moduleRef);
    return (token, context) => instance.verify(token, context);
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

function isVerifierClass(
  verifier: VerifyToken | Type<TokenVerifier>,
): verifier is Type<TokenVerifier> {
  return (verifier.prototype as unknown) instanceof TokenVerifier;
}
