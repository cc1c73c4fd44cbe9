import { hash } from 'node:crypto';

/**
 * The number of characters at the end of a JWT that form its cache key. With every accepted algorithm they belong
 * to the signature, and differ between tokens. A longer slice would be a view of the token in V8, which takes
 * longer to look up than a copy.
 */
const TAIL = 12;

/** Creates the cache keys of one resource's tokens. */
export class CacheKeys {
  constructor(private readonly mayBeOpaque: boolean) {}

  /**
   * Returns the key of a token. The key of a JWT is the end of its signature, which differs between tokens.
   * To hash the whole JWT with each request would be most of the cost of a look-up. But an untrusted client
   * can put any signature at the end of any token, so the found entry **must** be compared with the token.
   * If tokens may be opaque, the key is a hash of the token.
   */
  of(token: string): string {
    return this.mayBeOpaque ? hash('sha256', token, 'base64url') : token.slice(-TAIL);
  }
}
