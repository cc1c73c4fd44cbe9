import type { ProtectedAccess } from '../access/access-policy.js';
import type { Condition } from '../access/condition.js';
import { nameOf } from '../access/handler.js';
import { whenKnown } from '../async/when-known.js';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { AccessDeniedException } from '../challenge/bearer-auth.exception.js';
import { withoutStackTraces } from '../errors/stack-traces.js';
import { UnmetConditionError } from '../errors/unmet-condition.error.js';
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
      throw refusal(outcome, condition, authInfo, policy);
    }
    return assertConditions(policy, authInfo, request, index + 1);
  });
}

function refusal(
  outcome: unknown,
  { decorator, explain }: Condition,
  authInfo: AuthInfo,
  { handler }: ProtectedAccess,
): Error {
  if (outcome !== false && typeof outcome !== 'string') {
    return new McpAuthConfigurationError(
      `A condition of @RequireAuth() on ${nameOf(handler)} must return true, false, or the reason for a refusal as a string.`,
    );
  }
  const where = `${decorator} on ${nameOf(handler)}`;
  const cause = withoutStackTraces(() => new UnmetConditionError(where, explain?.(authInfo)));
  return new AccessDeniedException(outcome || REFUSED, { cause });
}
