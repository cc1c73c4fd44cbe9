import { Injectable, type Type } from '@nestjs/common';
import { getOrMake } from '../cache/get-or-make.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { McpEndpointPolicy } from '../mcp/mcp-endpoint.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import { ProtectedResourceRegistry } from '../protected-resource/protected-resource-registry.js';
import { resolveAccessPolicy, type AccessPolicy, type HandlerPolicy } from './access-policy.js';
import { DiscoveredHandlers, type DiscoveredHandler } from './discovery/discovered-handlers.js';
import type { Handler, Method } from '../handler/handler.js';
import { isMarked } from './is-marked.js';
import { McpEndpoints } from './mcp-endpoints.js';
import { McpSiblings } from './mcp-siblings.js';
import { namedScopes } from './named-scopes.js';

/** A handler that Nest calls, and its policy. */
export interface PreparedPolicy extends HandlerPolicy {
  readonly handler: DiscoveredHandler;
}

/**
 * The policy of each handler of the application. It is worked out once: at start-up, or when first needed.
 */
@Injectable()
export class AccessPolicyRegistry {
  private readonly names = new Map<Type, ReadonlyMap<Method, string>>();
  private readonly policies = new Map<Type, Map<string, AccessPolicy>>();
  /**
   * The policies by function, because a request names its handler by the function. A class and its subclasses
   * share functions.
   */
  private readonly byFunction = new Map<Type, Map<Method, AccessPolicy>>();

  constructor(
    private readonly resources: ProtectedResourceRegistry,
    private readonly handlers: DiscoveredHandlers,
    private readonly endpoints: McpEndpoints,
    private readonly siblings: McpSiblings,
  ) {}

  /**
   * Works out the policies of these handlers before their first request.
   *
   * @throws McpAuthConfigurationError as {@link resolveAccessPolicy} does
   */
  prepare(handlers: readonly DiscoveredHandler[]): PreparedPolicy[] {
    handlers.forEach(({ controller }) => this.namesIn(controller));
    return handlers.map((handler) => ({ handler, policy: this.policyOf(handler) }));
  }

  /**
   * Works out the policies of these handlers, as far as it is possible. A handler whose decorators are not valid
   * is left out: a request for it fails.
   */
  prepareValid(handlers: readonly Handler[]): void {
    for (const handler of handlers) {
      try {
        this.policyOf(handler);
      } catch (error) {
        if (!(error instanceof McpAuthConfigurationError)) {
          throw error;
        }
      }
    }
  }

  /** @throws McpAuthConfigurationError as {@link resolveAccessPolicy} does */
  get(controller: Type, method: Method): AccessPolicy {
    return this.byFunction.get(controller)?.get(method) ?? this.find(controller, method);
  }

  /**
   * Returns `true` if the handler or its class has a decorator that makes a token required or optional. Returns
   * `false` for a method that an MCP endpoint serves: the endpoint requires the token.
   */
  isMarked(controller: Type, method: Method): boolean {
    const handler = { controller, method: this.nameIn(controller, method) };
    return !this.endpoints.isServed(handler) && isMarked(handler);
  }

  private find(controller: Type, method: Method): AccessPolicy {
    const policy = this.policyOf({ controller, method: this.nameIn(controller, method) });
    getOrMake(this.byFunction, controller, () => new Map<Method, AccessPolicy>()).set(
      method,
      policy,
    );
    return policy;
  }

  private policyOf(handler: Handler): AccessPolicy {
    const ofController = getOrMake(
      this.policies,
      handler.controller,
      () => new Map<string, AccessPolicy>(),
    );
    return getOrMake(ofController, handler.method, () => {
      const policy = resolveAccessPolicy(handler, this.resources, (...at) =>
        this.endpointOf(...at),
      );
      addRelatedScopes(policy);
      return policy;
    });
  }

  private endpointOf(handler: Handler, resource: ProtectedResource): McpEndpointPolicy | undefined {
    const own = this.endpoints.endpointOf(handler, resource);
    const beside = own === undefined ? this.siblings.endpointBeside(handler) : undefined;
    return own ?? (beside && this.endpoints.endpointOf(beside, resource));
  }

  private namesIn(controller: Type): ReadonlyMap<Method, string> {
    return getOrMake(this.names, controller, () => this.handlers.namesOf(controller));
  }

  /**
   * Returns the name of a method in its class. The decorators of the method are stored under that name. Throws
   * for a function that belongs neither to the class nor to its instance: the requirements of the function are
   * not known, and its own name proves nothing.
   */
  private nameIn(controller: Type, method: Method): string {
    const name = this.namesIn(controller).get(method);
    if (name === undefined) {
      throw new McpAuthConfigurationError(
        `A handler of ${controller.name} is not a method of that class, so the requirements of the handler are not known; do not replace methods per request or in a request-scoped constructor.`,
      );
    }
    return name;
  }
}

/** Makes the scopes of a handler known to its resource, if challenges may name scopes that others require. */
function addRelatedScopes(policy: AccessPolicy): void {
  if (policy !== 'public' && policy.resource.relatedScopes !== undefined) {
    for (const scope of namedScopes(policy)) {
      policy.resource.relatedScopes.add(scope);
    }
  }
}
