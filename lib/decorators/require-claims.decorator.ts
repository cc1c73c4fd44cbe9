import {
  firstUnmet,
  requiredClaimsProblem,
  type RequiredClaims,
} from '../token/required-claims.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { addConditions } from './condition.js';

/**
 * The handler, or every handler of the controller, needs a token whose claims hold **all** that is
 * named here: a value, one of several, or, for a claim that is an object, what its members must hold.
 * Of a claim that is an array, one member has to be such a value. Else the guard answers 403
 * `access_denied` without a challenge: no scope that the client could ask for would help.
 *
 * Values are compared exactly, type and case included. It adds up with others, is looked at before the
 * scopes, and is not met by an anonymous caller, as {@link RequireAuth} is not.
 *
 * @throws McpAuthConfigurationError at decoration, without a claim or with a value that none could have
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
    throw new McpAuthConfigurationError(`@RequireClaims(): what is required ${problem}.`);
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
