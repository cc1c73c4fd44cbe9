import { hash } from 'node:crypto';

/**
 * So many characters at the end of a JWT are of its signature, whatever the algorithm, and tell tokens
 * apart. Of more, V8 makes a view of the token, which takes longer to look up than a copy.
 */
const TAIL = 12;

/** By what the cached tokens of one resource are found. */
export class CacheKeys {
  constructor(private readonly mayBeOpaque: boolean) {}

  /**
   * To go through all of a token with each request would be most of what a look-up costs, and a signature
   * tells tokens apart; but a stranger can put any signature at the end of any token, so what is found must
   * be compared with the token. An opaque token is found by its digest.
   */
  of(token: string): string {
    return this.mayBeOpaque ? hash('sha256', token, 'base64url') : token.slice(-TAIL);
  }
}
