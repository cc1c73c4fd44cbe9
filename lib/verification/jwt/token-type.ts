import { InvalidTokenError } from '../../errors/invalid-token.error.js';
import { mismatch } from '../../errors/token-mismatch.js';
import { mediaType } from '../../token/media-type.js';

/** RFC 9068, section 4, and what providers that predate it send. */
const DEFAULT_TYPES = ['at+jwt', 'jwt'];

/**
 * RFC 8725, section 3.11: a JWT of another type is no access token. The header is not believed yet,
 * that needs the signature; but nothing is fetched for a token that says itself what it is.
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
