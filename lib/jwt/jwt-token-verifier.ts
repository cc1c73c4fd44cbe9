import { Injectable } from '@nestjs/common';
import { decodeJwt, errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { JwkSetService, type JwkSet } from '../authorization-server/jwk-set.service.js';
import { InvalidTokenError } from '../errors/invalid-token.error.js';
import {
  TokenVerifier,
  type TokenVerificationContext,
  type VerifiedToken,
} from '../token/token-verifier.js';
import { toInvalidTokenError } from './jose-error.js';
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
    try {
      const payload = await this.verifySignatureAndClaims(token, issuer, context);
      assertNotFromTheFuture(payload, context.jwt.clockTolerance);
      return readClaims({ ...payload, iss: issuer });
    } catch (error) {
      throw toInvalidTokenError(error);
    }
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
    try {
      return await verifyWith(await this.jwkSets.get(issuer), token, options);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) {
        throw error;
      }
    }
    return verifyWith(await this.jwkSets.refresh(issuer), token, options);
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

async function verifyWith(
  keys: JwkSet,
  token: string,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    if (error instanceof errors.JWKSMultipleMatchingKeys) {
      return verifyWithAny(error, token, options);
    }
    throw error;
  }
}

async function verifyWithAny(
  candidates: errors.JWKSMultipleMatchingKeys,
  token: string,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  let tried = 0;
  for await (const key of candidates) {
    try {
      return (await jwtVerify(token, key, options)).payload;
    } catch (error) {
      if (
        !(error instanceof errors.JWSSignatureVerificationFailed) ||
        ++tried === MAX_CANDIDATE_KEYS
      ) {
        throw error;
      }
    }
  }
  throw new InvalidTokenError('signature');
}

/** jose looks at `iat` only where a token has a greatest age. */
function assertNotFromTheFuture({ iat }: JWTPayload, clockTolerance: number): void {
  if (iat !== undefined && iat > Date.now() / 1000 + clockTolerance) {
    throw new InvalidTokenError('not_yet_valid');
  }
}
