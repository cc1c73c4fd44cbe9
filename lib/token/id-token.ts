import { InvalidTokenError } from '../errors/invalid-token.error.js';
import type { Claims } from './claims-policy.js';
import { mediaType } from './media-type.js';

/**
 * The claims that OpenID Connect puts only into ID tokens, besides `nonce` (Core, section 3.3.2.11; FAPI
 * 1.0, part 2).
 */
const HASHES = ['at_hash', 'c_hash', 's_hash'];
/** The claims in which some providers (Cognito, Keycloak) write the type of a token, besides the header. */
const TYPE_CLAIMS = ['token_use', 'typ'];
const ID_TYPES = ['id', 'id_token'];
const ACCESS_TYPES = ['access', 'access_token', 'bearer', 'dpop'];

/**
 * Rejects an ID token that names this resource in `aud`, as some providers write it. A login to a client is
 * no permission to call this resource.
 *
 * A token whose header or `typ` claim calls it an access token may hold `nonce`, since older versions of
 * Keycloak wrote it into access tokens too. It must still not hold the hash of another token or code.
 *
 * @throws InvalidTokenError with the reason `type`
 */
export function assertNoIdToken(claims: Claims, typ: unknown): void {
  if (typeof typ === 'string' && mediaType(typ) === 'at+jwt') {
    return;
  }
  const claim = TYPE_CLAIMS.find((name) => says(claims, name, ID_TYPES)) ?? idTokenClaim(claims);
  if (claim !== undefined) {
    throw new InvalidTokenError('type', { mismatch: { claim, problem: 'unexpected' } });
  }
}

function idTokenClaim(claims: Claims): string | undefined {
  const isCalledAccess = TYPE_CLAIMS.some((name) => says(claims, name, ACCESS_TYPES));
  const names = isCalledAccess ? HASHES : ['nonce', ...HASHES];
  return names.find((name) => Object.hasOwn(claims, name));
}

function says(claims: Claims, name: string, types: readonly string[]): boolean {
  return Object.hasOwn(claims, name) && types.includes(String(claims[name]).toLowerCase());
}
