import type { AuthInfo } from '../auth-info/auth-info.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { addConditions } from './condition.js';

/**
 * A function that decides if a caller may continue. It returns `true`, or `false`, or the reason for a
 * rejection. It may be async. The reason is sent to the client.
 *
 * It is called only with a valid token. If it throws an `HttpException`, or an error of this library such as
 * {@link InvalidTokenError}, the guard answers with the status of that error. If it throws or returns
 * anything else, this counts as a fault of the application, and the guard answers 500. If it gives no result
 * within `fetchTimeout`, the guard answers 503. In a reason, only printable ASCII without `"` and `\` is
 * allowed (RFC 6750). Other characters are replaced.
 */
export type AuthCondition<Request = never> = (
  authInfo: AuthInfo,
  request: Request,
) => boolean | string | Promise<boolean | string>;

/**
 * Requires that the caller of the handler, or of every handler of the controller, meets **all** of these
 * conditions. If a condition is not met, the guard answers 403 `access_denied`, without a challenge, because no
 * scope would help the client. Use it for what scopes do not express, such as a role, a tenant or a quota.
 *
 * Conditions add up, like the scopes of {@link RequireScopes}. They are checked before the scopes, one after
 * another, until one is not met. An anonymous caller meets no condition: the guard answers 401, also with
 * `@OptionalAuth()`.
 *
 * @throws McpAuthConfigurationError at decoration, if no condition is given, or a condition is not a function, or
 * on a member that Nest never calls
 *
 * @example
 * ```ts
 * import { Controller, Delete } from '@nestjs/common';
 * import { RequireAuth } from 'nestjs-mcp-auth';
 *
 * @Controller('notes')
 * export class NotesController {
 *   @Delete()
 *   @RequireAuth(({ clientId }) => clientId === 'admin-console' || 'Only the console deletes notes.')
 *   clear() {}
 * }
 * ```
 */
export function RequireAuth<Request = never>(
  ...conditions: [AuthCondition<Request>, ...AuthCondition<Request>[]]
): ClassDecorator & MethodDecorator {
  const given: readonly unknown[] = conditions;
  if (given.length === 0 || given.some((condition) => typeof condition !== 'function')) {
    throw new McpAuthConfigurationError(
      '@RequireAuth() needs at least one function (authInfo, request) => boolean | string, and nothing else.',
    );
  }
  return addConditions(
    conditions.map((condition) => ({ decorator: '@RequireAuth()', isMet: condition })),
  );
}
