import {
  firstUnmet,
  requiredClaimsProblem,
  type RequiredClaims,
} from '../token/required-claims.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { addConditions } from './condition.js';

/**
 * Requires **all** of these claims in the token, for the handler or for every handler of the controller.
 * If one does not match, the guard answers 403 `access_denied`, without a challenge, because no scope would
 * help the client.
 *
 * A requirement is a value, or an array of values of which one is enough. For a claim that is an object,
 * the requirement is an object with a requirement for each member. If the claim is an array, one of its
 * items must have a required value.
 *
 * Values are compared exactly, including type and case. As with {@link RequireAuth}, requirements add up
 * and are checked before the scopes, and an anonymous caller meets none.
 *
 * @throws McpAuthConfigurationError at decoration, if no claim is given, or a value that no claim can have
 *
 * @example
 * ```ts
 * import { Controller, Delete, Get } from '@nestjs/common';
 * import { RequireClaims } from 'nestjs-mcp-auth';
 *
 * @Controller('notes')
 * @RequireClaims({ email_verified: true })
 * export class NotesController {
 *   @Get() @RequireClaims({ groups: ['staff', 'editors'] }) list() {} // one of the two
 *   @Delete() @RequireClaims({ realm_access: { roles: 'admin' } }) clear() {}
 * }
 * ```
 */
export function RequireClaims(required: RequiredClaims): ClassDecorator & MethodDecorator {
  const problem = requiredClaimsProblem(required);
  if (problem !== undefined) {
    throw new McpAuthConfigurationError(`@RequireClaims(): the requirement ${problem}.`);
  }
  const own = structuredClone(required);
  return addConditions([
    {
      decorator: '@RequireClaims()',
      isMet: ({ claims }) => firstUnmet(claims, own) === undefined,
      explain: ({ claims }) => firstUnmet(claims, own),
    },
  ]);
}
