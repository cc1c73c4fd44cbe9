import type { Type } from '@nestjs/common';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { requirementProblem, type ScopeRequirement } from '../scope/scope-requirement.js';
import { decorateWith, methodMetadata, ownMetadata } from '../handler/handler-metadata.js';
import { lineage } from '../handler/lineage.js';

const REQUIRED_SCOPES = Symbol.for('nestjs-mcp-auth:required-scopes');

/**
 * A function that computes the scopes that a request requires. It returns `undefined` or `[]` for no scopes.
 * It may be async.
 *
 * It is called only with a valid token. A result that is not a {@link ScopeRequirement} counts as a fault
 * of the application, and the guard answers 500. If the function throws, or gives no result in
 * time, the guard answers as for an {@link AuthCondition}.
 * The challenge for a request without a valid token does **not** name computed scopes.
 */
export type ComputeScopes<Request = never> = (
  request: Request,
  authInfo: AuthInfo,
) => ScopeRequirement | undefined | Promise<ScopeRequirement | undefined>;

/** The requirements of all {@link RequireScopes} together, fixed and computed. */
export interface RequiredScopes {
  readonly fixed: readonly ScopeRequirement[];
  readonly computed: readonly ComputeScopes[];
}

const NONE: RequiredScopes = { fixed: [], computed: [] };

/**
 * Requires a token with **all** of these scopes, for the handler or for every handler of the controller. If
 * the token lacks a scope, the guard answers 403 `insufficient_scope`, and names all scopes that the handler
 * requires (RFC 6750, section 3.1). `{ anyOf: [...] }` requires one of its items. An item that is an array
 * requires all scopes in it. A function computes the scopes for each request.
 *
 * Scopes add up: the scopes of the controller and the classes that it extends, and the scopes of the handler and
 * the methods that it overrides.
 *
 * @throws McpAuthConfigurationError at decoration, if nothing is given, or a value that is neither a requirement
 * nor a function, or on a member that Nest never calls
 *
 * @example
 * ```ts
 * import { Controller, Delete, Get, Post } from '@nestjs/common';
 * import { RequireScopes } from 'nestjs-mcp-auth';
 *
 * @Controller('notes')
 * @RequireScopes('read:notes')
 * export class NotesController {
 *   @Get() list() {}
 *   @Post() @RequireScopes('write:notes') create() {} // needs both
 *   @Delete() @RequireScopes({ anyOf: ['admin', 'delete:notes'] }) clear() {}
 * }
 * ```
 */
export function RequireScopes<Request = never>(
  ...requirements: [
    ScopeRequirement | ComputeScopes<Request>,
    ...(ScopeRequirement | ComputeScopes<Request>)[],
  ]
): ClassDecorator & MethodDecorator {
  assertRequirements(requirements);
  const fixed = requirements.filter((requirement) => typeof requirement !== 'function');
  const computed = requirements.filter((requirement) => typeof requirement === 'function');
  return decorateWith<RequiredScopes>(REQUIRED_SCOPES, (earlier = NONE) =>
    addUp(earlier, { fixed, computed: computed }),
  );
}

/** Returns all scopes of a class and the classes that it extends. */
export function classScopes(controller: Type): RequiredScopes {
  return lineage(controller)
    .map((type) => scopesOf(type))
    .reduce(addUp);
}

/** Returns all scopes of a method and the methods that it overrides. */
export function methodScopes(controller: Type, method: string): RequiredScopes {
  return lineage(controller)
    .flatMap(({ prototype }) => methodMetadata(REQUIRED_SCOPES, prototype as object, method))
    .reduce<RequiredScopes>((all, scopes) => addUp(all, scopes as RequiredScopes), NONE);
}

function scopesOf(target: object): RequiredScopes {
  return (ownMetadata(REQUIRED_SCOPES, target) ?? NONE) as RequiredScopes;
}

export function addUp(a: RequiredScopes, b: RequiredScopes): RequiredScopes {
  return {
    fixed: [...new Set([...a.fixed, ...b.fixed])],
    computed: [...new Set([...a.computed, ...b.computed])],
  };
}

function assertRequirements(requirements: readonly unknown[]): void {
  if (requirements.length === 0) {
    throw new McpAuthConfigurationError('@RequireScopes() names no scope; name at least one.');
  }
  for (const requirement of requirements) {
    const problem = typeof requirement === 'function' ? undefined : requirementProblem(requirement);
    if (problem !== undefined) {
      throw new McpAuthConfigurationError(
        `@RequireScopes(): a requirement ${problem} (given: ${JSON.stringify(requirement)}).`,
      );
    }
  }
}
