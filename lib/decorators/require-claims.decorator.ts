import {
  firstUnmet,
  requiredClaimsProblem,
  type RequiredClaims,
} from '../token/required-claims.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { addConditions } from './condition.js';

/**
 * Requires **all** of these claims in the token, for the handler or for every handler of the controller.
 * If a claim does not match, the guard answers 403 `access_denied`, without a challenge, because no scope would
 * help the client.
 *
 * A requirement is a value, or an array of values of which one is enough. For a claim that is an object, the
 * requirement is an object that names the members to check, each with its own requirement. Other members are
 * ignored. If the claim is an array, one of its items must have a required value.
 *
 * Values are compared exactly, including type and case. Requirements are added to those of the class, and are
 * checked before the scopes, as with {@link RequireAuth}. An anonymous caller meets no requirement: the guard
 * answers 401, not 403.
 *
 * @throws McpAuthConfigurationError at decoration, if no claim is named, or if a required value is not a string,
 * a finite number, a boolean, a non-empty array of these, or an object with at least one such requirement (at
 * most 10 levels), or on a member that Nest never calls
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
    throw new McpAuthConfigurationError(`@RequireClaims(): ${problem}.`);
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
