import type { webcrypto } from 'node:crypto';
import { compactVerify, type CompactVerifyGetKey } from 'jose';
import { InvalidTokenError } from '../../errors/invalid-token.error.js';
import type { Claims } from '../../token/claims-policy.js';
import { presentClaims } from '../../token/present-claims.js';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The signed content of a JWT. */
export interface SignedJwt {
  readonly claims: Claims;
  /** The `typ` of the header. */
  readonly typ: unknown;
}

/**
 * Verifies the signature of a JWT, and returns its claims. It does **not** check the claims.
 *
 * @throws InvalidTokenError if the content is not a JSON object in base64url
 * @throws JOSEError if the signature, the header or the key is not valid
 */
export async function verifySignature(
  token: string,
  key: webcrypto.CryptoKey | CompactVerifyGetKey,
  algorithms: readonly string[],
): Promise<SignedJwt> {
  const options = { algorithms: [...algorithms] };
  const { payload, protectedHeader } =
    typeof key === 'function'
      ? await compactVerify(token, key, options)
      : await compactVerify(token, key, options);
  // RFC 7797, section 7: the payload of a JWT is always base64url-encoded.
  const isRaw = protectedHeader.b64 === false && protectedHeader.crit?.includes('b64') === true;
  const claims = isRaw ? undefined : parsed(payload);
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) {
    throw new InvalidTokenError('malformed');
  }
  return { claims: presentClaims(claims as Claims), typ: protectedHeader.typ };
}

function parsed(payload: Uint8Array): unknown {
  try {
    return JSON.parse(UTF8.decode(payload));
  } catch {
    return undefined;
  }
}
