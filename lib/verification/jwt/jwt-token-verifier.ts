import { Injectable } from '@nestjs/common';
import { errors, type CompactJWSHeaderParameters } from 'jose';
import { AuthorizationServerRegistry } from '../../authorization-server/authorization-server-registry.js';
import { JwkSetService } from '../../authorization-server/jwk-set/jwk-set.service.js';
import { readClaims } from '../../token/read-claims.js';
import { InvalidTokenError } from '../../errors/invalid-token.error.js';
import { withoutStackTraces } from '../../errors/stack-traces.js';
import { assertClaims } from '../../token/claim-checks.js';
import { MAX_TOKEN_LENGTH } from '../../token/max-token-length.js';
import {
  TokenVerifier,
  type TokenVerificationContext,
  type VerifiedToken,
} from '../../token/token-verifier.js';
import type { TokenKind, Verification } from '../../token/verification.js';
import { candidateKeys, verifyWithAny } from './candidate-keys.js';
import { toVerificationError } from './jose-error.js';
import { isCanonicalSignature } from './canonical-signature.js';
import { SigningKeyLookup } from './signing-key-lookup.js';
import { verifySignature, type SignedJwt } from './verify-signature.js';

/**
 * Verifies JWT access tokens (RFC 9068, section 4; RFC 8725): algorithm and type, signature by a key of the
 * named issuer, issuer, audience and time claims. It does not use the guard's cache (`tokenCache`): every
 * call verifies.
 *
 * It does **not** check scopes. It cannot know whether a token was revoked.
 */
@Injectable()
export class JwtTokenVerifier extends TokenVerifier implements TokenKind {
  constructor(
    private readonly servers: AuthorizationServerRegistry,
    private readonly jwkSets: JwkSetService,
  ) {
    super();
  }

  override async verify(token: string, context: TokenVerificationContext): Promise<VerifiedToken> {
    const verification = await this.examine(token, context);
    assertClaims(verification, context);
    return verification.verified;
  }

  /**
   * Returns `true`: a token of no other kind has to be a JWT.
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
    const lookup = new SigningKeyLookup(token, context, this.servers, this.jwkSets);
    const { claims, typ } = await this.verifyWithPublishedKey(token, lookup, context).catch(
      (error: unknown) => {
        throw toVerificationError(error, context.jwt.algorithms);
      },
    );
    const { server, keys } = lookup;
    const { issuer = '' } = server ?? {};
    const iss = typeof claims.iss === 'string' ? claims.iss : '';
    return {
      verified: readClaims({ ...claims, iss }, context.claimsOf(issuer)),
      claims,
      header: { typ },
      from: issuer,
      alwaysRequired: ['exp'],
      stillHolds: () =>
        server !== undefined && keys !== undefined && this.jwkSets.current(server) === keys,
    };
  }

  /** Verifies with the cached keys, then with renewed ones: a new key may have replaced an older one. */
  private async verifyWithPublishedKey(
    token: string,
    lookup: SigningKeyLookup,
    context: TokenVerificationContext,
  ): Promise<SignedJwt> {
    try {
      return await signedJwt(token, lookup, context);
    } catch (error) {
      const isForged = error instanceof errors.JWSSignatureVerificationFailed;
      if (!isForged || !(await this.haveKeysChanged(lookup))) {
        throw error;
      }
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
  const key = (header: CompactJWSHeaderParameters) => lookup.find(header);
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
