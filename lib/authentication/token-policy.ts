import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { InvalidTokenError } from '../errors/invalid-token.error.js';
import { mismatch } from '../errors/token-mismatch.js';
import { assertMeantFor } from '../token/audience.js';
import type { TokenVerificationContext, VerifiedToken } from '../token/token-verifier.js';

/**
 * Checks what any verifier, the user's own included, found out about a token, against what the
 * resource accepts: its issuers, its audiences, and the time.
 *
 * @throws InvalidTokenError
 */
export function assertAcceptable(verified: VerifiedToken, context: TokenVerificationContext): void {
  assertShape(verified, context);
  if (!context.issuers.includes(verified.issuer)) {
    const { issuer } = verified;
    throw new InvalidTokenError('issuer', { mismatch: mismatch('iss', issuer, context.issuers) });
  }
  assertMeantFor(context, verified);
  assertNotExpired(verified, context);
}

/**
 * Checks the types of what code of the application's own returned.
 *
 * @throws McpAuthConfigurationError
 */
export function assertShape(
  verified: Partial<VerifiedToken> | null | undefined,
  { resource }: TokenVerificationContext,
): void {
  if (!hasShape(verified ?? {})) {
    throw new McpAuthConfigurationError(
      `The tokenVerifier of ${resource} must return an object: "issuer" a string, "scopes" an array of strings, "subject" and "clientId" strings.`,
    );
  }
}

function hasShape({
  issuer,
  scopes = [],
  subject = '',
  clientId = '',
}: Partial<VerifiedToken>): boolean {
  return (
    typeof issuer === 'string' &&
    typeof subject === 'string' &&
    typeof clientId === 'string' &&
    Array.isArray(scopes) &&
    scopes.every((scope) => typeof scope === 'string')
  );
}

/** @throws InvalidTokenError if the token has an expiry, and it is not in the future. */
function assertNotExpired(
  { expiresAt }: Pick<VerifiedToken, 'expiresAt'>,
  { jwt }: TokenVerificationContext,
): void {
  if (expiresAt === undefined) {
    return;
  }
  // From the user's own code, or from `1e400` in a token: an expiry that is none must not pass.
  if (!Number.isFinite(expiresAt)) {
    throw new InvalidTokenError('claim', { mismatch: mismatch('exp', expiresAt) });
  }
  if (expiresAt + jwt.clockTolerance <= Date.now() / 1000) {
    throw new InvalidTokenError('expired');
  }
}
