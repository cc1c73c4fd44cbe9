import type { Type } from '@nestjs/common';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { requirementProblem, type ScopeRequirement } from '../scope/scope-requirement.js';
import { decorateWith, methodMetadata, ownMetadata } from '../handler/handler-metadata.js';
import { lineage } from '../handler/lineage.js';

const REQUIRED_SCOPES = Symbol.for('nestjs-mcp-auth:required-scopes');

/**
 * Computes from a request which scopes it needs; none, with `undefined` or `[]`. May be async.
 *
 * It is called once the token is known to be valid, and its result is checked: one that is no
 * {@link ScopeRequirement} is a fault of the application and becomes 500. A challenge for a request
 * without a valid token does not name computed scopes.
 */
export type ComputeScopes<Request = never> = (
  request: Request,
  authInfo: AuthInfo,
) => ScopeRequirement | undefined | Promise<ScopeRequirement | undefined>;

/** What {@link RequireScopes} was given, in all: fixed requirements, and computed ones. */
export interface RequiredScopes {
  readonly fixed: readonly ScopeRequirement[];
  readonly computed: readonly ComputeScopes[];
}

const NONE: RequiredScopes = { fixed: [], computed: [] };

/**
 * The handler, or every handler of the controller, needs a token with **all** of these scopes; else
 * the guard answers 403 `insufficient_scope`, naming all that the handler needs (RFC 6750, section
 * 3.1). `{ anyOf: [...] }` asks for one of several, an array within for all of them, and a function
 * computes what the request at hand needs.
 *
 * Scopes add up: those of the controller and of the classes it extends, those of the handler and of
 * the methods it overrides.
 *
 * @throws McpAuthConfigurationError at decoration, without a scope or with something that is none
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

/** What a class and those that it extends were decorated with, in all. */
export function classScopes(controller: Type): RequiredScopes {
  return lineage(controller)
    .map((type) => scopesOf(type))
    .reduce(addUp);
}

/** What a method and those that it overrides were decorated with, in all. */
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
