import { createLocalJWKSet, errors, type JSONWebKeySet } from 'jose';
import { InvalidTokenError } from '../errors/invalid-token.error.js';
import { isCanonicalSignature } from '../verification/jwt/canonical-signature.js';
import { candidateKeys, verifyWithAny } from '../verification/jwt/candidate-keys.js';
import { verifySignature } from '../verification/jwt/verify-signature.js';
import { shown } from './challenge.js';
import { ok, problem, skipped, type Finding } from './finding.js';

const CHECK = 'token_signature';
const ALGORITHM = 'token_algorithm';

/** Checks that the algorithm of a token is an algorithm with public keys. */
export function tokenAlgorithm(alg: unknown, algorithms: readonly string[]): Finding {
  if (algorithms.some((accepted) => accepted === alg)) {
    return ok(ALGORITHM, `"alg" is ${shown(String(alg))}.`);
  }
  const seen = typeof alg === 'string' ? shown(alg) : 'not a text';
  return problem(
    ALGORITHM,
    `"alg" is ${seen}. A resource server can verify only signatures by a public key.`,
    `Let the authorization server sign with one of ${algorithms.join(', ')}.`,
  );
}

/** Verifies the signature of a token with the published keys of its issuer. */
export async function tokenSignature(
  token: string,
  keys: JSONWebKeySet | undefined,
  algorithms: readonly string[],
): Promise<Finding> {
  if (keys === undefined) {
    return skipped(CHECK, 'The keys of the issuer of the token are not known.');
  }
  try {
    await verify(token, keys, algorithms);
    return ok(CHECK, 'A key of the issuer has signed the token.');
  } catch (error) {
    return problem(
      CHECK,
      reasonOf(error),
      'Get the token from the authorization server in the metadata. If it is from there, compare its JWK Set: it may be that of another environment, or the server has new keys since a restart.',
    );
  }
}

async function verify(token: string, keys: JSONWebKeySet, algorithms: readonly string[]) {
  if (!isCanonicalSignature(token)) {
    throw new InvalidTokenError('malformed');
  }
  try {
    await verifySignature(token, createLocalJWKSet(keys), algorithms);
  } catch (error) {
    const candidates = candidateKeys(error);
    if (candidates === undefined) {
      throw error;
    }
    await verifyWithAny(candidates, token, algorithms);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWKSNoMatchingKey) {
    return 'No key of the issuer has the "kid" and the "alg" of the token.';
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return 'No key of the issuer has signed the token.';
  }
  return error instanceof InvalidTokenError
    ? error.message
    : 'The signature of the token cannot be verified with the keys of the issuer.';
}
