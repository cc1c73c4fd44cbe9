import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { whenKnown } from '../async/when-known.js';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { createAuthInfo } from '../auth-info/create-auth-info.js';
import { FailureLog } from '../authorization-server/failure-log.js';
import { AuthorizationServerError } from '../errors/authorization-server.error.js';
import { IntrospectionTokenVerifier } from '../introspection/introspection-token-verifier.js';
import { JwtTokenVerifier } from '../jwt/jwt-token-verifier.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import { ProtectedResourceRegistry } from '../protected-resource/protected-resource-registry.js';
import { RevocationList } from '../revocation/revocation-list.js';
import { TokenVerifier, type VerifiedToken, type VerifyToken } from '../token/token-verifier.js';
import { TokenCache, type CachedCaller } from './token-cache.js';
import { assertAcceptable } from './token-policy.js';

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
    const isIntrospected = await this.introspection.isFor(token, resource);
    const verifier = isIntrospected ? this.introspection : this.jwts;
    const { verified, ...validity } = await verifier.examine(token, resource);
    assertAcceptable(verified, resource);
    return { authInfo: createAuthInfo(token, verified, resource), ...validity };
  }

  private async acceptByOwn(
    own: VerifyToken,
    token: string,
    resource: ProtectedResource,
  ): Promise<AuthInfo> {
    const verified = await this.verifyByOwn(own, token, resource);
    assertAcceptable(verified, resource);
    // The application may go on using what it returned.
    return createAuthInfo(token, { ...verified, claims: { ...verified.claims } }, resource);
  }

  /** Why a token could not be verified is told to the operator, as of our own fetches, now and then. */
  private async verifyByOwn(
    own: VerifyToken,
    token: string,
    resource: ProtectedResource,
  ): Promise<VerifiedToken> {
    try {
      return await own(token, resource);
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
    const instance = await this.instantiate(verifier);
    return (token, context) => instance.verify(token, context);
  }

  /** The application's own provider, where it has one; else an instance made for this purpose. */
  private async instantiate(verifier: Type<TokenVerifier>): Promise<TokenVerifier> {
    try {
      return this.moduleRef.get<TokenVerifier>(verifier, { strict: false });
    } catch {
      return this.moduleRef.create(verifier);
    }
  }
}

function isVerifierClass(
  verifier: VerifyToken | Type<TokenVerifier>,
): verifier is Type<TokenVerifier> {
  return (verifier.prototype as unknown) instanceof TokenVerifier;
}
