import { Injectable } from '@nestjs/common';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { TokenVerifier } from '../token/token-verifier.js';
import { AccessTokenVerifier } from '../verification/access-token-verifier.js';
import { SubstituteVerifier } from '../verification/substitute-verifier.js';
import { TokenForms } from '../verification/token-forms.js';
import { unreadableToken, type PresentedToken } from './credentials.js';

/**
 * Verifies the token of a request, with the verifier of the module or with a verifier that a test put in its
 * place.
 */
@Injectable()
export class PresentedTokenVerifier {
  private readonly verifier: Pick<AccessTokenVerifier, 'getCached' | 'verifyNew'>;

  constructor(
    verifier: TokenVerifier,
    private readonly forms: TokenForms,
  ) {
    // A test may have overridden the provider under either of its two injection tokens.
    this.verifier =
      verifier instanceof AccessTokenVerifier ? verifier : new SubstituteVerifier(verifier);
  }

  /**
   * Returns the caller of a cached token. A lookup is faster than a check of the characters, so it comes
   * first.
   */
  getCached({ token, resource }: PresentedToken): AuthInfo | undefined {
    return this.verifier.getCached(token, resource);
  }

  /**
   * Verifies a token that is not cached, and returns its caller.
   *
   * @throws InvalidRequestError if its characters are not those of a token
   * @throws InvalidTokenError, AuthorizationServerError as {@link AccessTokenVerifier} does
   */
  async verify({ token, resource }: PresentedToken): Promise<AuthInfo> {
    if (!this.forms.isToken(token, resource)) {
      throw unreadableToken();
    }
    return this.verifier.verifyNew(token, resource);
  }
}
