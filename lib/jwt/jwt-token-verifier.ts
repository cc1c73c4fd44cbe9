import { Injectable } from '@nestjs/common';
import { errors, type CompactJWSHeaderParameters } from 'jose';
import { AuthorizationServerRegistry } from '../authorization-server/authorization-server-registry.js';
import { JwkSetService } from '../authorization-server/jwk-set.service.js';
import { readClaims } from '../claims/read-claims.js';
import { InvalidTokenError } from '../errors/invalid-token.error.js';
import { withoutStackTraces } from '../errors/stack-traces.js';
import { assertMeantFor } from '../token/audience.js';
import { assertClaims, endOf } from '../token/claim-checks.js';
import { MAX_TOKEN_LENGTH } from '../token/max-token-length.js';
import {
  TokenVerifier,
  type TokenVerificationContext,
  type VerifiedToken,
} from '../token/token-verifier.js';
import type { Verification } from '../token/verification.js';
import { candidateKeys, verifyWithAny } from './candidate-keys.js';
import { toVerificationError } from './jose-error.js';
import { KnownSigningKeys, type SigningKey } from './known-signing-keys.js';
import { hasOneSpelling } from './signature-spelling.js';
import { SigningKeyLookup } from './signing-key-lookup.js';
import { namedIssuer } from './named-issuer.js';
import { assertNoIdToken } from './token-type.js';
import { verifySignature, type SignedJwt } from './verify-signature.js';

/**
 * Verifies JWT access tokens (RFC 9068, section 4; RFC 8725): algorithm and type, signature by a key
 * of the issuer named, issuer, audience, and the time claims. Each time: what the guard keeps of
 * tokens that it has seen (`tokenCache`) is not consulted here.
 *
 * It does not check scopes, and whether a token was revoked it cannot know.
 */
@Injectable()
export class JwtTokenVerifier extends TokenVerifier {
  private readonly known: KnownSigningKeys;

  constructor(
    private readonly servers: AuthorizationServerRegistry,
    private readonly jwkSets: JwkSetService,
  ) {
    super();
    this.known = new KnownSigningKeys(jwkSets);
  }

  override async verify(token: string, context: TokenVerificationContext): Promise<VerifiedToken> {
    return (await this.examine(token, context)).verified;
  }

  /**
   * {@link JwtTokenVerifier.verify}, and for how long the outcome may be relied on.
   *
   * @internal
   */
  async examine(token: string, context: TokenVerificationContext): Promise<Verification> {
    if (token.length > MAX_TOKEN_LENGTH || !hasOneSpelling(token)) {
      throw new InvalidTokenError('malformed');
    }
    const { claims, typ, signedWith } = await this.verifyWithPublishedKey(token, context).catch(
      (error: unknown) => {
        throw toVerificationError(error, context.jwt.algorithms);
      },
    );
    const { server, keys, key } = signedWith;
    const { issuer = '' } = server ?? {};
    assertClaims(claims, issuer, context.jwt, ['exp']);
    if (signedWith instanceof SigningKeyLookup && server && keys && key) {
      this.known.remember(token, context, { server, keys, key });
    }
    const verified = readClaims({ ...claims, iss: issuer }, context.claimsOf(issuer));
    assertMeantFor(context, verified);
    assertNoIdToken(claims, typ);
    return {
      verified,
      validUntil: endOf(claims, context.jwt) * 1000,
      stillHolds: () =>
        server !== undefined && keys !== undefined && this.jwkSets.current(server) === keys,
    };
  }

  /** A signature that no published key made may be of a key that came in the place of an older one. */
  private async verifyWithPublishedKey(
    token: string,
    context: TokenVerificationContext,
  ): Promise<Signed> {
    const first = this.known.of(token, context) ?? this.lookUp(token, context);
    try {
      return await signedJwt(token, first, context);
    } catch (error) {
      const isForged = error instanceof errors.JWSSignatureVerificationFailed;
      if (!isForged || !(await this.haveKeysChanged(first))) {
        throw error;
      }
      return signedJwt(token, this.lookUp(token, context), context);
    }
  }

  private lookUp(token: string, context: TokenVerificationContext): SigningKeyLookup {
    return new SigningKeyLookup(token, context, this.servers, this.jwkSets);
  }

  /** Where no newer keys can be had, a bad signature is a bad signature: most of them are forged. */
  private async haveKeysChanged({ server, keys }: SigningKey | SigningKeyLookup): Promise<boolean> {
    const renewed = server && (await this.jwkSets.refreshForSignature(server).catch(() => keys));
    return renewed !== keys;
  }
}

interface Signed extends SignedJwt {
  readonly signedWith: SigningKey | SigningKeyLookup;
}

/** @throws JOSEError if none of the keys has signed the token */
async function signedJwt(
  token: string,
  signedWith: SigningKey | SigningKeyLookup,
  context: TokenVerificationContext,
): Promise<Signed> {
  const { algorithms } = context.jwt;
  const key =
    signedWith instanceof SigningKeyLookup
      ? (header: CompactJWSHeaderParameters) => signedWith.find(header)
      : signedWith.key;
  try {
    const signed = await withoutStackTraces(() => verifySignature(token, key, algorithms));
    return { ...signed, signedWith };
  } catch (error) {
    if (!(signedWith instanceof SigningKeyLookup)) {
      // Nobody is told something else because others came before: a look-up would have seen this first.
      namedIssuer(token, context);
    }
    const candidates = candidateKeys(error);
    if (candidates === undefined) {
      throw error;
    }
    return { ...(await verifyWithAny(candidates, token, algorithms)), signedWith };
  }
}
