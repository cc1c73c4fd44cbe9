import { Inject, Injectable } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { moduleProvider } from '../handler/module-provider.js';
import type { ProviderSource } from '../handler/provider-source.js';
import { AccessPolicyRegistry } from '../policy/access-policy-registry.js';
import {
  DiscoveredHandlers,
  type DiscoveredHandler,
} from '../policy/discovery/discovered-handlers.js';
import { isMarked, isPublic } from '../policy/is-marked.js';
import { hasGuardOfItsOwn, isBoundGlobally } from './bound-guards.js';
import { GUARD_IS_GLOBAL } from './guard-is-global.js';
import { describe, type PolicyDescription } from './policy-description.js';

/** Describes the policies of all handlers that Nest calls. */
@Injectable()
export class PolicyDescriptions {
  constructor(
    private readonly policies: AccessPolicyRegistry,
    private readonly handlers: DiscoveredHandlers,
    private readonly application: ApplicationConfig,
    @Inject(GUARD_IS_GLOBAL) private readonly guardIsGlobal: boolean,
  ) {}

  all(): PolicyDescription[] {
    const handlers = this.handlers.all().filter(({ kind }) => kind !== 'mcp');
    const isGuarded = this.guarded();
    const [guarded, unguarded] = [
      handlers.filter(isGuarded),
      handlers.filter((handler) => !isGuarded(handler)),
    ];
    return [
      ...this.policies.prepare(guarded).map(({ handler, policy }) => describe(handler, policy)),
      ...unguarded.map((handler) => describe(handler, isPublic(handler) ? 'public' : 'unguarded')),
    ];
  }

  /** Returns a function that returns `true` if the guard runs for a handler and does not skip it. */
  private guarded(): (handler: DiscoveredHandler) => boolean {
    const isGlobal = this.guardIsGlobal || isBoundGlobally(this.application);
    const reached: Partial<Record<DiscoveredHandler['kind'], boolean>> = {
      field: this.handlers.fieldsAreGuarded(),
      reference: this.handlers.fieldsAreGuarded(),
      ws: isGlobal && this.handlers.gatewaysAreGuarded(),
    };
    return (handler) => {
      const { kind } = handler;
      const isReached = (reached[kind] ?? isGlobal) || hasGuardOfItsOwn(handler, this.handlers);
      return isReached && (kind !== 'rpc' || isMarked(handler));
    };
  }
}

/**
 * Describes each handler that Nest calls, and each MCP operation: who may call it and what it requires. Use it for a
 * page of documentation, an audit, or a test that compares the descriptions with a list. The guard decides by the same
 * policies, and the debug table at start-up is made from this description.
 *
 * It says that there are computed scopes or conditions, but not what they are. It does **not** contain routes
 * that bypass Nest's guards, such as those of middleware. It does **not** contain what `@rekog/mcp-nest`
 * serves without a controller either.
 *
 * @param app - the application after it has been initialized, or a `ModuleRef`
 * @throws McpAuthConfigurationError if the application does not import `McpAuthModule`, or the decorators
 *   on a handler of a lazily loaded module are not valid
 *
 * @example
 * ```ts
 * import type { INestApplication } from '@nestjs/common';
 * import { describePolicies } from 'nestjs-mcp-auth';
 *
 * export function publicHandlers(app: INestApplication): string[] {
 *   return describePolicies(app)
 *     .filter(({ access }) => access === 'public')
 *     .map(({ handler }) => handler);
 * }
 * ```
 */
export function describePolicies(app: ProviderSource): PolicyDescription[] {
  return moduleProvider(app, PolicyDescriptions, 'describePolicies()').all();
}
