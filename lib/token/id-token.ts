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
 * Rejects an ID token. Some providers issue ID tokens that name this resource in `aud`. But an ID token only
 * proves a login to a client. It gives no permission to call this resource.
 *
 * A token with the type `at+jwt` in its header is an access token, whatever claims it contains. If only the
 * claim `token_use` or `typ` calls it an access token, it may contain `nonce`, since older versions of
 * Keycloak wrote `nonce` into access tokens too. It must still not contain the hash of a token or a code.
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
