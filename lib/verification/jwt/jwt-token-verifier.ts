import { Injectable } from '@nestjs/common';
import { errors, type CompactJWSHeaderParameters } from 'jose';
import { AuthorizationServerRegistry } from '../../authorization-server/authorization-server-registry.js';
import { JwkSetService } from '../../authorization-server/jwk-set/jwk-set.service.js';
import { readClaims } from '../../token/read-claims.js';
import { InvalidTokenError } from '../../errors/invalid-token.error.js';
import { mismatch } from '../../errors/token-mismatch.js';
import { withoutStackTraces } from '../../errors/stack-traces.js';
import { assertClaims } from '../../token/claim-checks.js';
import { MAX_TOKEN_LENGTH } from '../../token/max-token-length.js';
import { readUnverified } from '../../token/read-unverified.js';
import {
  TokenVerifier,
  type TokenVerificationContext,
  type VerifiedToken,
} from '../../token/token-verifier.js';
import type { TokenKind, Verification } from '../../token/verification.js';
import { candidateKeys, verifyWithAny } from './candidate-keys.js';
import { toVerificationError } from './jose-error.js';
import { namedIssuer } from './named-issuer.js';
import { isCanonicalSignature } from './canonical-signature.js';
import { SigningKeyCache } from './signing-key-cache.js';
import { SigningKeyLookup } from './signing-key-lookup.js';
import { verifySignature, type SignedJwt } from './verify-signature.js';

/**
 * Verifies JWT access tokens (RFC 9068, section 4; RFC 8725): algorithm and type, signature by a key of the
 * named issuer, issuer, audience and time claims. It does not use the guard's cache (`tokenCache`): every
 * call verifies.
 *
 * It does **not** check scopes, nor the proof of possession of a token that is bound to a key. It cannot know
 * whether a token was revoked.
 */
@Injectable()
export class JwtTokenVerifier extends TokenVerifier implements TokenKind {
  private readonly signingKeys: SigningKeyCache;

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
    const { claims, typ } = await this.verifyWithPublishedKey(token, lookup, context).catch(
      (error: unknown) => {
        throw toVerificationError(error, context.jwt.algorithms);
      },
    );
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

  /** Verifies with the cached keys, then with renewed ones: a new key may have the id of an older one. */
  private async verifyWithPublishedKey(
    token: string,
    lookup: SigningKeyLookup,
    context: TokenVerificationContext,
  ): Promise<SignedJwt> {
    const isCached = lookup.key !== undefined;
    try {
      return await signedJwt(token, lookup, context);
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) {
        throw error;
      }
      if (isCached) {
        // The issuer was not checked. The client must get the same error with and without a cached key.
        namedIssuer(token, context);
      }
      if (!(await this.haveKeysChanged(lookup))) {
        throw error;
      }
      lookup.key = undefined;
      return signedJwt(token, lookup, context);
    }
  }

  /**
   * Returns whether a refresh brought other keys. If it fails, the signature counts as bad, since most bad
   * signatures are forged.
   */
  private async haveKeysChanged({ server, keys }: SigningKeyLookup): Promise<boolean> {
    const renewed = server && (await this.jwkSets.refreshForSignature(server).catch(() => keys));
    return renewed !== keys;
  }
}

/** @throws JOSEError if none of the keys has signed the token */
async function signedJwt(
  token: string,
  lookup: SigningKeyLookup,
  { jwt: { algorithms } }: TokenVerificationContext,
): Promise<SignedJwt> {
  const key = lookup.key ?? ((header: CompactJWSHeaderParameters) => lookup.find(header));
  try {
    return await withoutStackTraces(() => verifySignature(token, key, algorithms));
  } catch (error) {
    const candidates = candidateKeys(error);
    if (candidates === undefined) {
      throw error;
    }
    return verifyWithAny(candidates, token, algorithms);
  }
}
