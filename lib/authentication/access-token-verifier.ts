import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { whenKnown } from '../async/when-known.js';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { createAuthInfo } from '../auth-info/create-auth-info.js';
import { FailureLog } from '../authorization-server/failure-log.js';
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
  /** By resource identifier. */
  private readonly own = new Map<string, VerifyToken>();

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
    for (const resource of this.resources.all) {
      if (resource.tokenVerifier !== undefined) {
        this.own.set(resource.resource, await this.toFunction(resource.tokenVerifier));
      }
    }
  }

  /**
   * @throws InvalidTokenError if the token is not valid, or not for this resource.
   * @throws AuthorizationServerError, StateStoreUnavailableError if that cannot be told now.
   */
  override verify(token: string, resource: ProtectedResource): AuthInfo | Promise<AuthInfo> {
    return whenKnown(this.find(token, resource), (authInfo) => this.revocations.check(authInfo));
  }

  private find(token: string, resource: ProtectedResource): AuthInfo | Promise<AuthInfo> {
    const own = this.own.get(resource.resource);
    return own
      ? this.acceptByOwn(own, token, resource)
      : this.cache.get(token, resource, () => this.accept(token, resource));
  }

  private async accept(token: string, resource: ProtectedResource): Promise<CachedCaller> {
    const { context, stillTrusted } = await this.issuers.of(resource, () => issuerIn(token));
    const isIntrospected = await this.introspection.isFor(token, context);
    const verifier = isIntrospected ? this.introspection : this.jwts;
    const { verified, stillHolds, ...validity } = await verifier.examine(token, context);
    assertAcceptable(verified, context);
    return {
      authInfo: createAuthInfo(token, verified, resource),
      ...validity,
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
