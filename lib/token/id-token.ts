import { InvalidTokenError } from '../errors/invalid-token.error.js';
import type { Claims } from './claims-policy.js';
import { mediaType } from './media-type.js';

/** What OpenID Connect puts into ID tokens alone, besides `nonce` (Core, section 3.3.2.11; FAPI 1.0, part 2). */
const HASHES = ['at_hash', 'c_hash', 's_hash'];
/** Where some providers say what a token is, beside the header: Cognito, Keycloak. */
const TYPE_CLAIMS = ['token_use', 'typ'];
const ID_TYPES = ['id', 'id_token'];
const ACCESS_TYPES = ['access', 'access_token', 'bearer', 'dpop'];

/**
 * Refuses an ID token that names this resource in `aud`, as some providers have it: who logged in to a
 * client is no permission to call this resource. A token whose header or `typ` claim calls it an access
 * token may hold `nonce`, which older versions of Keycloak wrote into these as well; but no hash of another
 * token or code.
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
