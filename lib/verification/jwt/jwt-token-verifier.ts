import { Injectable } from '@nestjs/common';
import { AuthorizationServerRegistry } from '../../authorization-server/authorization-server-registry.js';
import { JwkSetService } from '../../authorization-server/jwk-set/jwk-set.service.js';
import { readClaims } from '../../token/read-claims.js';
import { InvalidTokenError } from '../../errors/invalid-token.error.js';
import { mismatch } from '../../errors/token-mismatch.js';
import { assertClaims } from '../../token/claim-checks.js';
import { MAX_TOKEN_LENGTH } from '../../token/max-token-length.js';
import { readUnverified } from '../../token/read-unverified.js';
import {
  TokenVerifier,
  type TokenVerificationContext,
  type VerifiedToken,
} from '../../token/token-verifier.js';
import type { TokenKind, Verification } from '../../token/verification.js';
import { isCanonicalSignature } from './canonical-signature.js';
import { SigningKeyCache } from './signing-key-cache.js';
import { SigningKeyLookup } from './signing-key-lookup.js';
import { verifyWithPublishedKey } from './verify-with-published-key.js';

/**
 * Verifies JWT access tokens (RFC 9068, section 4; RFC 8725): algorithm, type, signature by a key of the named
 * issuer, issuer, required claims, time claims and audience. It rejects ID tokens. It does not use the guard's
 * cache (`tokenCache`): every call verifies.
 *
 * It does **not** check scopes, nor the proof of possession of a token that is bound to a key. It cannot know
 * whether a token was revoked.
 */
@Injectable()
export class JwtTokenVerifier extends TokenVerifier implements TokenKind {
  private readonly signingKeys: SigningKeyCache;

  /** @internal */
  constructor(
    private readonly servers: AuthorizationServerRegistry,
    private readonly jwkSets: JwkSetService,
  ) {
    super();
    this.signingKeys = new SigningKeyCache(jwkSets);
  }

  override async verify(token: string, context: TokenVerificationContext): Promise<VerifiedToken> {
    const verification = await this.examine(token, context);
    assertClaims(verification, context);
    return verification.verified;
  }

  /** Returns whether a token has the form of a signed JWT, whoever issued it. */
  override recognizes(token: string): boolean {
    return readUnverified(token) !== undefined;
  }

  /**
   * Returns `true`: without a list of verifiers, a token that is of no other kind has to be a JWT.
   *
   * @internal
   */
  isFor(): boolean {
    return true;
  }

  /** @internal */
  async examine(token: string, context: TokenVerificationContext): Promise<Verification> {
    if (token.length > MAX_TOKEN_LENGTH || !isCanonicalSignature(token)) {
      throw new InvalidTokenError('malformed');
    }
    const cached = this.signingKeys.get(token, context);
    const lookup = new SigningKeyLookup(token, context, this.servers, this.jwkSets, cached);
    const { claims, typ } = await verifyWithPublishedKey(token, lookup, context, this.jwkSets);
    if (lookup.key !== cached?.key) {
      this.signingKeys.set(token, context, lookup);
    }
    const { server, keys } = lookup;
    const issuer = server?.tokenIssuers.find((trusted) => trusted === claims.iss);
    if (issuer === undefined) {
      // With a cached key, the issuer was not checked before.
      throw new InvalidTokenError('issuer', {
        mismatch: mismatch('iss', claims.iss, context.issuers),
      });
    }
    return {
      verified: readClaims({ ...claims, iss: issuer }, context.claimsOf(issuer)),
      claims,
      header: { typ },
      alwaysRequired: ['exp'],
      stillHolds: () =>
        server !== undefined && keys !== undefined && this.jwkSets.current(server) === keys,
    };
  }
}
