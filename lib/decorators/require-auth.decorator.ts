import type { AuthInfo } from '../auth-info/auth-info.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { addConditions } from './condition.js';

/**
 * Says whether a caller may go on: `true` if so, `false` or the reason if not. The client is told the
 * reason. May be async.
 *
 * It is called once the token is known to be valid. An error, and any other result, is a fault of the
 * application and becomes 500. No answer within `fetchTimeout` becomes 503. The client is told a reason in
 * the characters of RFC 6750: printable ASCII without `"` and `\`; others are replaced.
 */
export type AuthCondition<Request = never> = (
  authInfo: AuthInfo,
  request: Request,
) => boolean | string | Promise<boolean | string>;

/**
 * The handler, or every handler of the controller, needs a caller of whom **all** of these conditions
 * are true; else the guard answers 403 `access_denied` without a challenge: no scope that the client
 * could ask for would help. For what scopes do not express, such as a role, a tenant or a quota.
 *
 * Conditions add up, as the scopes of {@link RequireScopes} do, and are asked before these, one after
 * another until one is not met. An anonymous caller meets none: it is answered 401, also with
 * `@OptionalAuth()`.
 *
 * @throws McpAuthConfigurationError at decoration, without a condition or with one that is no function
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
      '@RequireAuth() takes functions (authInfo, request) => boolean | string, at least one.',
    );
  }
  return addConditions(
    conditions.map((condition) => ({ decorator: '@RequireAuth()', isMet: condition })),
  );
}
