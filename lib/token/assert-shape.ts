import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { isString, isStringOrStrings } from './read-claims.js';
import type { VerifiedToken } from './token-verifier.js';

/**
 * Checks that the application's own `tokenVerifier` returned an object, and the types of all members but `expiresAt`.
 * {@link assertClaims} checks `expiresAt`: that it is a number, and that the time is not over. For a `SubstituteVerifier`, nothing does.
 *
 * `claims` that are not an object, such as JSON text, would lose the `cnf` that binds a token to a key.
 *
 * @throws McpAuthConfigurationError if the result is not an object, or a member has the wrong type
 */
export function assertShape(
  verified: Partial<VerifiedToken> | null | undefined,
  { resource }: { readonly resource: string },
): asserts verified is VerifiedToken {
  if (!hasShape(verified ?? {})) {
    throw new McpAuthConfigurationError(
      `The tokenVerifier of ${resource} must return an object in which "issuer" is a string. If given, "subject" and "clientId" must be strings, "scopes" an array of strings, "audience" a string or an array of strings, and "claims" and "extra" objects.`,
    );
  }
}

function hasShape({
  issuer,
  scopes = [],
  subject = '',
  clientId = '',
  audience = '',
  claims = {},
  extra = {},
}: Partial<VerifiedToken>): boolean {
  return (
    [issuer, subject, clientId].every(isString) &&
    Array.isArray(scopes) &&
    [scopes, audience].every(isStringOrStrings) &&
    [claims, extra].every(isObject)
  );
}

/** Returns `true` for an object, but not for an array, a `Map` or the like: a copy of such a value would be useless. */
function isObject(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Object]';
}
