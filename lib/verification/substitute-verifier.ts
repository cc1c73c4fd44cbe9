import type { AuthInfo } from '../auth-info/auth-info.js';
import { createAuthInfo } from '../auth-info/create-auth-info.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import type { TokenVerifier, VerifiedToken } from '../token/token-verifier.js';
import { assertShape } from '../token/assert-shape.js';

/**
 * Replaces `AccessTokenVerifier` by a verifier that a test provides. It trusts what that verifier returns:
 * issuer, audience and expiry are **not** checked. Nothing is cached.
 */
export class SubstituteVerifier {
  constructor(private readonly verifier: Pick<TokenVerifier, 'verify'>) {
    if (typeof (verifier as Partial<TokenVerifier>).verify !== 'function') {
      throw new McpAuthConfigurationError(
        'A provider that overrides TokenVerifier or AccessTokenVerifier must have a function "verify"; see docs/testing.md.',
      );
    }
  }

  async verifyNew(token: string, resource: ProtectedResource): Promise<AuthInfo> {
    const verified: Partial<VerifiedToken> | undefined = await this.verifier.verify(
      token,
      resource,
    );
    assertShape(verified, resource);
    // A copy, because the test may go on using the object that it returned.
    const claims = { ...verified.claims };
    return createAuthInfo(token, { ...verified, claims }, resource);
  }

  getCached(): undefined {
    return undefined;
  }
}
