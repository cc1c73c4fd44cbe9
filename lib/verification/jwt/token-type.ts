import { InvalidTokenError } from '../../errors/invalid-token.error.js';
import { mismatch } from '../../errors/token-mismatch.js';
import { mediaType } from '../../token/media-type.js';

/** The type of RFC 9068, section 4, and the type that older providers send. By default, a JWT may also have no type. */
const DEFAULT_TYPES = ['at+jwt', 'jwt'];

/**
 * Checks the type of a JWT: a JWT of another type is not an access token (RFC 8725, section 3.11). The
 * header is not trusted before the signature is verified. But if the token itself says that it is something
 * else, no keys are fetched for it.
 *
 * @throws InvalidTokenError with the reason `type`
 */
export function checkTokenType(typ: unknown, accepted: readonly string[] = DEFAULT_TYPES): void {
  if (typ === undefined && accepted === DEFAULT_TYPES) {
    return;
  }
  if (typeof typ !== 'string' || !accepted.map(mediaType).includes(mediaType(typ))) {
    throw new InvalidTokenError('type', { mismatch: mismatch('typ', typ, accepted) });
  }
}
