import { Inject, Injectable } from '@nestjs/common';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { createAuthInfo } from '../auth-info/create-auth-info.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { InvalidTokenError } from '../errors/invalid-token.error.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import { assertClaims, endOf } from '../token/claim-checks.js';
import { readUnverified } from '../token/read-unverified.js';
import { TokenVerifier, type TokenVerificationContext } from '../token/token-verifier.js';
import { TOKEN_KINDS, type TokenKind } from '../token/verification.js';
import { OwnVerifier } from './own-verifier.js';
import { OwnVerifiers } from './own-verifiers.js';
import { RevocationList } from './revocation/revocation-list.js';
import { TokenCache, type CachedCaller } from './token-cache.js';
import { TokenForms } from './token-forms.js';
import { TrustedIssuers } from './trusted-issuers.js';

/** The kind of a token, and the context in which that kind verifies it. */
interface FoundKind {
  readonly kind: TokenKind;
  readonly context: TokenVerificationContext;
}

/**
 * Verifies access tokens for the guard: by a verifier of the application, by introspection, or as a JWT. The
 * requirements of the resource are checked in each case. A token that was accepted recently is not verified again
 * (`tokenCache`, `introspection.cacheTtl`), unless a verifier of the application decides on it, or the option
 * `tokenVerifier` names a single verifier.
 */
@Injectable()
export class AccessTokenVerifier extends TokenVerifier {
  /** @internal */
  constructor(
    @Inject(TOKEN_KINDS) private readonly kinds: readonly TokenKind[],
    private readonly own: OwnVerifiers,
    private readonly issuers: TrustedIssuers,
    private readonly cache: TokenCache,
    private readonly forms: TokenForms,
    private readonly revocations: RevocationList,
  ) {
    super();
  }

  /**
   * Verifies a token for a resource, and checks that it was not revoked. A text with a character that no token of the
   * resource can have is rejected before the verification.
   *
   * @throws InvalidTokenError if the token is not valid, or not for this resource.
   * @throws AuthorizationServerError, StateStoreUnavailableError if that cannot be determined now.
   */
  override async verify(token: string, resource: ProtectedResource): Promise<AuthInfo> {
    // A WebSocket message can hold any value. Much of JavaScript reads an array of one token as that token.
    if (typeof (token as unknown) !== 'string' || !this.forms.isToken(token, resource)) {
      throw new InvalidTokenError('malformed');
    }
    const caller = this.getCached(token, resource) ?? (await this.verifyNew(token, resource));
    await this.revocations.assertNotRevoked(caller);
    return caller;
  }

  /**
   * Returns the cached caller whose token was accepted for this resource before. The token may have been
   * revoked after that.
   *
   * @internal
   */
  getCached(token: string, resource: ProtectedResource): AuthInfo | undefined {
    // The only verifier of a resource is called with each request, so there is nothing to look up.
    return typeof resource.tokenVerifier === 'function'
      ? undefined
      : this.cache.get(token, resource);
  }

  /**
   * Verifies a token that is not cached, and returns its caller. It does **not** check the characters of
   * the token, nor whether it was revoked.
   *
   * @internal
   */
  async verifyNew(token: string, resource: ProtectedResource): Promise<AuthInfo> {
    if (resource.tenants !== undefined) {
      throw new McpAuthConfigurationError(
        `${resource.resource} stands for the resources of its tenants; verify tokens for the resource of one tenant, for example (await resource.tenants.get(name)).`,
      );
    }
    if (resource.tokenVerifier === undefined) {
      return this.cache.verifyOnce(token, resource, async () =>
        this.accept(token, resource, await this.findKind(token, resource)),
      );
    }
    const found = await this.findKind(token, resource);
    const verify = () => this.accept(token, resource, found);
    // A verifier of the application is called with each request.
    return found.kind instanceof OwnVerifier
      ? (await verify()).authInfo
      : this.cache.verifyOnce(token, resource, verify);
  }

  private async accept(
    token: string,
    resource: ProtectedResource,
    { kind, context: claimed }: FoundKind,
  ): Promise<CachedCaller> {
    const { stillHolds = () => true, ...verification } = await kind.examine(token, claimed);
    const { verified, maxAge, size } = verification;
    // The application's own verifier may return another issuer than the one that a JWT names.
    const { context, stillTrusted } = await this.issuers.of(resource, () => verified.issuer);
    assertClaims(verification, context);
    return {
      authInfo: createAuthInfo(token, verified, resource),
      validUntil: endOf(verification, context.jwt) * 1000,
      maxAge,
      size,
      stillHolds: stillTrusted ? () => stillTrusted() && stillHolds() : stillHolds,
    };
  }

  /** Finds the kind of a token. Only that kind verifies the token: if it rejects the token, no other kind is tried. */
  private async findKind(token: string, resource: ProtectedResource): Promise<FoundKind> {
    const { context } = await this.issuers.of(resource, () => readUnverified(token)?.iss);
    const kinds = resource.tokenVerifier === undefined ? this.kinds : this.own.of(resource);
    for (const kind of kinds) {
      if (await kind.isFor(token, context)) {
        return { kind, context };
      }
    }
    throw new InvalidTokenError('malformed');
  }
}
