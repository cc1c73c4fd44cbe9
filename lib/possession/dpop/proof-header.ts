import { calculateJwkThumbprint, decodeProtectedHeader, type JWK } from 'jose';
import { InvalidDpopProofError } from '../../errors/dpop-proof.error.js';

/** The members of a JWK that are not public (RFC 7518, section 6; `priv` of draft key types). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/**
 * Returns the thumbprint (RFC 7638) of the key in a proof's header. It does **not** verify the signature, so
 * that a proof with the wrong key is rejected without that cost.
 *
 * @throws InvalidDpopProofError if the header does not meet RFC 9449, section 4.3
 */
export async function thumbprintIn(proof: string, algorithms: readonly string[]): Promise<string> {
  const { typ, alg = '', jwk } = headerOf(proof);
  if (typ !== 'dpop+jwt') {
    throw new InvalidDpopProofError('type');
  }
  if (!algorithms.includes(alg)) {
    throw new InvalidDpopProofError('algorithm');
  }
  if (!isPublicKey(jwk)) {
    throw new InvalidDpopProofError('key');
  }
  return calculateJwkThumbprint(jwk, 'sha256').catch(() => {
    throw new InvalidDpopProofError('key');
  });
}

function headerOf(proof: string) {
  try {
    return decodeProtectedHeader(proof);
  } catch {
    throw new InvalidDpopProofError('malformed');
  }
}

function isPublicKey(jwk: unknown): jwk is JWK {
  return (
    typeof jwk === 'object' &&
    jwk !== null &&
    !PRIVATE_MEMBERS.some((member) => Object.hasOwn(jwk, member))
  );
}
