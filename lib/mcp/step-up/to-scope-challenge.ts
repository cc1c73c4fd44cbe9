import type { AuthInfo } from '../../auth-info/auth-info.js';
import { acceptingResource } from '../../auth-info/caller-internals.js';
import { McpAuthConfigurationError } from '../../errors/configuration.error.js';
import { challengedScopes, type ChallengingResource } from '../../scope/challenged-scopes.js';
import { cheapestScopes } from '../../scope/cheapest-scopes.js';
import {
  effectiveScopes,
  resolveScopeHierarchy,
  type ScopeHierarchy,
} from '../../scope/scope-hierarchy.js';
import { scopePrefixProblem } from '../../scope/scope-prefix.js';
import { isSatisfied, requirementProblem } from '../../scope/scope-requirement.js';
import { isObject } from '../operations/json-rpc.js';
import type { OperationScopes } from '../mcp-endpoint.options.js';
import { argumentsOf, type McpOperation } from '../operations/mcp-operation.js';
import { subjectsOf } from '../operations/mcp-subject.js';
import type { ScopeChallengeHandler, ToScopeChallengeOptions } from './scope-challenge.js';

/**
 * Turns a requirement into a `scopeChallenge` of version 2 of the MCP SDK. Use it for scopes that are registered with
 * the tool, the prompt or the resource. Nested requirements, computed scopes and the scope hierarchy work there as in
 * `@McpEndpoint()`. The SDK answers 403 and names the resource's metadata.
 *
 * Use it **only** behind {@link BearerAuthGuard}: the SDK does **not** verify the token. A caller without a token also
 * gets the challenge, if the endpoint lets such callers in (`@OptionalAuth()`).
 *
 * @throws McpAuthConfigurationError for a malformed requirement or prefix
 *
 * @example
 * ```ts
 * import { McpServer } from '@modelcontextprotocol/server';
 * import { toScopeChallenge } from 'nestjs-mcp-auth';
 *
 * const server = new McpServer({ name: 'todos', version: '1.0.0' });
 * server.registerTool(
 *   'delete-todo',
 *   { scopeChallenge: toScopeChallenge({ anyOf: ['delete:todos', 'admin'] }) },
 *   () => ({ content: [] }),
 * );
 * ```
 *
 * @experimental It may change in any version.
 */
export function toScopeChallenge(
  requirement: OperationScopes,
  { scopeHierarchy, scopePrefix }: ToScopeChallengeOptions = {},
): ScopeChallengeHandler {
  if (typeof requirement !== 'function') {
    assertRequirement(requirement);
  }
  assertPrefix(scopePrefix);
  const ownHierarchy = scopeHierarchy && resolveScopeHierarchy(scopeHierarchy);
  const own = { scopeHierarchy: ownHierarchy, scopePrefix };
  return async ({ request, authInfo }) => {
    const needed =
      typeof requirement === 'function'
        ? await requirement(operationOf(request), authInfo as AuthInfo | undefined)
        : requirement;
    assertRequirement(needed);
    const at = scopesAt(acceptingResource(authInfo), own);
    const granted = effectiveScopes(authInfo?.scopes ?? [], at.scopeHierarchy);
    if (needed === undefined || isSatisfied(needed, granted)) {
      return undefined;
    }
    const required = cheapestScopes(needed, granted);
    return { scopes: challenged(challengedScopes(required, authInfo?.scopes ?? [], at)) };
  };
}

/** The part of a protected resource that decides how scopes are compared and named. */
interface ScopeSettings extends ChallengingResource {
  readonly scopeHierarchy: ScopeHierarchy;
}

/**
 * Returns the settings that are given to `toScopeChallenge()`. A setting that is not given is that of the resource that
 * accepted the token.
 */
function scopesAt(
  resource: ScopeSettings | undefined,
  own: { scopeHierarchy: ScopeHierarchy | undefined; scopePrefix: string | undefined },
): ScopeSettings {
  return {
    scopeHierarchy: own.scopeHierarchy ?? resource?.scopeHierarchy ?? new Map(),
    scopePrefix: own.scopePrefix ?? resource?.scopePrefix ?? '',
    relatedScopes: resource?.relatedScopes,
  };
}

/**
 * Removes `offline_access`, because a resource does not need a refresh token. Keeps it if it is the only
 * scope, because the SDK needs at least one scope.
 */
function challenged(scopes: readonly string[]): readonly [string, ...string[]] {
  const named = scopes.filter((scope) => scope !== 'offline_access');
  return (named.length > 0 ? named : scopes) as readonly [string, ...string[]];
}

/** The most names that are read. The SDK calls for one operation at a time. */
const MAX_NAMES = 100;

/** Returns the tool, prompt or resource that a call names, or its method if it does not name one clearly. */
function operationOf({ method, params, id }: { method: string; params?: unknown; id?: unknown }) {
  const call = { method, params: isObject(params) ? params : {}, id };
  const subjects = subjectsOf(call, MAX_NAMES) ?? [];
  const subject = subjects.find(({ kinds }) => kinds.length === 1);
  const [kind = 'methods'] = subject?.kinds ?? [];
  const operation: McpOperation = {
    kind,
    name: subject?.name ?? method,
    arguments: argumentsOf(call.params),
    method,
  };
  return operation;
}

function assertRequirement(requirement: unknown): void {
  const isNone = requirement === undefined || (Array.isArray(requirement) && !requirement.length);
  const problem = isNone ? undefined : requirementProblem(requirement);
  if (problem !== undefined) {
    throw new McpAuthConfigurationError(
      `toScopeChallenge(): the requirement ${problem} (given: ${JSON.stringify(requirement)}).`,
    );
  }
}

function assertPrefix(prefix: string | undefined): void {
  const problem = prefix === undefined ? undefined : scopePrefixProblem(prefix);
  if (problem !== undefined) {
    throw new McpAuthConfigurationError(
      `toScopeChallenge(): scopePrefix ${problem} (given: ${JSON.stringify(prefix)}).`,
    );
  }
}
