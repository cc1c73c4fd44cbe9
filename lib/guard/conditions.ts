import type { ProtectedAccess } from '../access/access-policy.js';
import { nameOf } from '../access/handler.js';
import { whenKnown } from '../async/when-known.js';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { AccessDeniedException } from '../challenge/bearer-auth.exception.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';

const REFUSED = 'This operation is not open to the caller.';

/**
 * Asks the conditions of a handler one after another.
 *
 * @throws AccessDeniedException if one is not met
 * @throws McpAuthConfigurationError if one does not say whether it is
 */
export function assertConditions(
  policy: ProtectedAccess,
  authInfo: AuthInfo,
  request: unknown,
  index = 0,
): void | Promise<void> {
  const condition = policy.conditions[index];
  if (condition === undefined) {
    return;
  }
  return whenKnown(condition.isMet(authInfo, request as never), (outcome) => {
    if (outcome !== true) {
      throw refusal(outcome, policy);
    }
    return assertConditions(policy, authInfo, request, index + 1);
  });
}

function refusal(outcome: unknown, { handler }: ProtectedAccess): Error {
  return outcome === false || typeof outcome === 'string'
    ? new AccessDeniedException(outcome === false || outcome === '' ? REFUSED : outcome)
    : new McpAuthConfigurationError(
        `A condition of @RequireAuth() on ${nameOf(handler)} must return true, false, or the reason for a refusal as a string.`,
      );
}
