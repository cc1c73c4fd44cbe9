import { Inject, Injectable } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
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

  /** Returns a function that says whether the guard comes to a handler, and does not leave it alone. */
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
 * Describes, for each handler that Nest calls and for each MCP operation, who may call it and what it takes:
 * for a page of documentation, an audit, or a test that holds it against a list. What it says is what the guard
 * decides by. The debug table at start-up is made of it.
 *
 * Scopes that a function computes, and the conditions of `@RequireAuth()`, are named and not described. Routes
 * that bypass Nest's guards are **not** in it, such as a middleware's, nor is what `@rekog/mcp-nest` serves
 * without a controller.
 *
 * @param app - the application once it has been initialised, or a `ModuleRef`
 * @throws McpAuthConfigurationError if a handler of a module that was loaded lazily cannot be right
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
  return app.get(PolicyDescriptions, { strict: false }).all();
}
