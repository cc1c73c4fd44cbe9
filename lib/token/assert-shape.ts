import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { VerifiedToken } from './token-verifier.js';

/**
 * Checks the types in a result of the application's own `tokenVerifier`.
 *
 * @throws McpAuthConfigurationError
 */
export function assertShape(
  verified: Partial<VerifiedToken> | null | undefined,
  { resource }: { readonly resource: string },
): asserts verified is VerifiedToken {
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
