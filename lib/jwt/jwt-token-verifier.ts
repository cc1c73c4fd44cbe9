import type { webcrypto } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { decodeJwt, errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { JwkSetService, type JwkSet } from '../authorization-server/jwk-set.service.js';
import { InvalidTokenError } from '../errors/invalid-token.error.js';
import {
  TokenVerifier,
  type TokenVerificationContext,
  type VerifiedToken,
} from '../token/token-verifier.js';
import { toVerificationError } from './jose-error.js';
import { checkJwsHeader } from './jws-header.js';
import { readClaims } from './jwt-claims.js';

/** Longer than any header a server lets through by default, and not worth the work. */
const MAX_TOKEN_LENGTH = 16_384;
/** A token without `kid` is tried with so many keys of its algorithm, and no more. */
const MAX_CANDIDATE_KEYS = 5;

/**
 * Verifies JWT access tokens (RFC 9068, section 4; RFC 8725): algorithm and type, signature by a key
 * of the issuer named, issuer, audience, and the time claims.
 *
 * It does not check scopes, and whether a token was revoked it cannot know.
 */
@Injectable()
export class JwtTokenVerifier extends TokenVerifier {
  constructor(private readonly jwkSets: JwkSetService) {
    super();
  }

  override async verify(token: string, context: TokenVerificationContext): Promise<VerifiedToken> {
    const issuer = this.readTrustedIssuer(token, context);
    const payload = await this.verifySignatureAndClaims(token, issuer, context);
    assertNotFromTheFuture(payload, context.jwt.clockTolerance);
    return readClaims({ ...payload, iss: issuer });
  }

  /** Nothing is fetched for a token that could not be accepted anyhow. */
  private readTrustedIssuer(token: string, { issuers, jwt }: TokenVerificationContext): string {
    if (token.length > MAX_TOKEN_LENGTH) {
      throw new InvalidTokenError('malformed');
    }
    checkJwsHeader(token, jwt);
    const { iss } = decodePayload(token);
    if (iss === undefined || !issuers.includes(iss)) {
      throw new InvalidTokenError('issuer');
    }
    return iss;
  }

  /** A key that is not in the set may be newer than the set: look again before refusing. */
  private async verifySignatureAndClaims(
    token: string,
    issuer: string,
    context: TokenVerificationContext,
  ): Promise<JWTPayload> {
    const options = verifyOptions(issuer, context);
    const known = await verifyWith(await this.jwkSets.get(issuer), token, options);
    const payload = known ?? (await verifyWith(await this.jwkSets.refresh(issuer), token, options));
    if (payload === undefined) {
      throw new InvalidTokenError('signature');
    }
    return payload;
  }
}

function decodePayload(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch {
    throw new InvalidTokenError('malformed');
  }
}

function verifyOptions(
  issuer: string,
  { audiences, jwt }: TokenVerificationContext,
): JWTVerifyOptions {
  return {
    issuer,
    audience: audiences && [...audiences],
    algorithms: [...jwt.algorithms],
    clockTolerance: jwt.clockTolerance,
    requiredClaims: ['exp', ...jwt.requiredClaims],
    maxTokenAge: jwt.maxTokenAge,
  };
}

/** The claims; nothing where the set has no key for the token. */
async function verifyWith(
  keys: JwkSet,
  token: string,
  options: JWTVerifyOptions,
): Promise<JWTPayload | undefined> {
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) {
      return undefined;
    }
    if (error instanceof errors.JWKSMultipleMatchingKeys) {
      return verifyWithAny(error, token, options);
    }
    throw toVerificationError(error);
  }
}

async function verifyWithAny(
  candidates: errors.JWKSMultipleMatchingKeys,
  token: string,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  let tried = 0;
  try {
    for await (const key of candidates) {
      const payload = await verifyWithKey(key, token, options);
      if (payload !== undefined) {
        return payload;
      }
      if (++tried === MAX_CANDIDATE_KEYS) {
        break;
      }
    }
  } catch (error) {
    throw toVerificationError(error);
  }
  throw new InvalidTokenError('signature');
}

/** The claims; nothing where the token was signed with another key. */
async function verifyWithKey(
  key: webcrypto.CryptoKey,
  token: string,
  options: JWTVerifyOptions,
): Promise<JWTPayload | undefined> {
  try {
    return (await jwtVerify(token, key, options)).payload;
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) {
      return undefined;
    }
    throw error;
  }
}

/** jose looks at `iat` only where a token has a greatest age. */
function assertNotFromTheFuture({ iat }: JWTPayload, clockTolerance: number): void {
  if (iat !== undefined && iat > Date.now() / 1000 + clockTolerance) {
    throw new InvalidTokenError('not_yet_valid');
  }
}
