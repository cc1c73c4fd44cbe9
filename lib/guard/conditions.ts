import type { ProtectedAccess } from '../policy/access-policy.js';
import type { Condition } from '../decorators/condition.js';
import { nameOf } from '../handler/handler.js';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { AccessDeniedException } from '../challenge/bearer-auth.exception.js';
import { UnmetConditionError } from '../errors/unmet-condition.error.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';

const DENIED = 'This operation is not open to the caller.';

/**
 * Checks the conditions of a handler one after another.
 *
 * @throws AccessDeniedException if a condition is not met
 * @throws McpAuthConfigurationError if a condition returns neither a boolean nor a string
 */
export async function assertConditions(
  policy: ProtectedAccess,
  authInfo: AuthInfo,
  request: unknown,
): Promise<void> {
  for (const condition of policy.conditions) {
    const given = condition.isMet(authInfo, request as never);
    // Only a promise is awaited. Any other thenable is not a valid outcome.
    const outcome: unknown = given instanceof Promise ? await given : given;
    if (outcome !== true) {
      throw rejection(outcome, condition, authInfo, policy);
    }
  }
}

function rejection(
  outcome: unknown,
  { decorator, explain }: Condition,
  authInfo: AuthInfo,
  { handler }: ProtectedAccess,
): Error {
  if (outcome !== false && typeof outcome !== 'string') {
    return new McpAuthConfigurationError(
      `A condition of @RequireAuth() on ${nameOf(handler)} must return true, false, or a string with the reason for the rejection.`,
    );
  }
  const where = `${decorator} on ${nameOf(handler)}`;
  const cause = new UnmetConditionError(where, explain?.(authInfo));
  return new AccessDeniedException(outcome || DENIED, { cause });
}
