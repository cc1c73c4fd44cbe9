import { decodeProtectedHeader } from 'jose';
import { InvalidTokenError } from '../errors/invalid-token.error.js';
import type { JwtPolicy } from '../token/jwt-policy.js';

/** RFC 9068, section 4, and what providers that predate it send. */
const DEFAULT_TYPES = ['at+jwt', 'jwt'];

/**
 * Refuses a token by what its header says of itself, before anything is fetched for it. The header
 * is not believed yet: that needs the signature. `jku`, `x5u`, `jwk` and `x5c` are never looked at.
 *
 * @throws InvalidTokenError with the reason `malformed`, `algorithm` or `type`
 */
export function checkJwsHeader(token: string, policy: JwtPolicy): void {
  const { alg, typ } = decode(token);
  if (typeof alg !== 'string' || !policy.algorithms.includes(alg)) {
    throw new InvalidTokenError('algorithm');
  }
  if (!isAcceptedType(typ, policy.typ)) {
    throw new InvalidTokenError('type');
  }
}

function decode(token: string): { alg?: unknown; typ?: unknown } {
  try {
    return decodeProtectedHeader(token);
  } catch {
    throw new InvalidTokenError('malformed');
  }
}

function isAcceptedType(typ: unknown, accepted: readonly string[] | undefined): boolean {
  if (typ === undefined) {
    return accepted === undefined;
  }
  return (
    typeof typ === 'string' && (accepted ?? DEFAULT_TYPES).map(mediaType).includes(mediaType(typ))
  );
}

/** RFC 7515, section 4.1.9: case does not matter, and `application/` may be left out. */
function mediaType(typ: string): string {
  return typ.toLowerCase().replace(/^application\//, '');
}
