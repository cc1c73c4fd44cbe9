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

/** A handler as Nest calls it, and what it requires. */
export interface PreparedPolicy extends HandlerPolicy {
  readonly handler: DiscoveredHandler;
}

/** What every handler of the application demands, worked out once, at start-up. */
@Injectable()
export class AccessPolicyRegistry {
  private readonly names = new Map<Type, ReadonlyMap<Method, string>>();
  private readonly policies = new Map<Type, Map<string, AccessPolicy>>();
  /** By the function, as each request names its handler: a class's and its heirs' are the same. */
  private readonly known = new Map<Type, Map<Method, AccessPolicy>>();

  constructor(
    private readonly resources: ProtectedResourceRegistry,
    private readonly handlers: DiscoveredHandlers,
    private readonly endpoints: McpEndpoints,
    private readonly siblings: McpSiblings,
  ) {}

  /**
   * Works out the policies of these handlers ahead of their first request.
   *
   * @throws McpAuthConfigurationError as {@link resolveAccessPolicy} does
   */
  prepare(handlers: readonly DiscoveredHandler[]): PreparedPolicy[] {
    handlers.forEach(({ controller }) => this.namesIn(controller));
    return handlers.map((handler) => ({ handler, policy: this.policyOf(handler) }));
  }

  /** @throws McpAuthConfigurationError as {@link resolveAccessPolicy} does */
  get(controller: Type, method: Method): AccessPolicy {
    return this.known.get(controller)?.get(method) ?? this.find(controller, method);
  }

  /** Whether a decorator of ours stands on the handler, or on its class, that asks for a token. */
  isMarked(controller: Type, method: Method): boolean {
    const handler = { controller, method: this.nameIn(controller, method) };
    return !this.endpoints.isServed(handler) && isMarked(handler);
  }

  private find(controller: Type, method: Method): AccessPolicy {
    const policy = this.policyOf({ controller, method: this.nameIn(controller, method) });
    getOrMake(this.known, controller, () => new Map<Method, AccessPolicy>()).set(method, policy);
    return policy;
  }

  private policyOf(handler: Handler): AccessPolicy {
    const ofController = getOrMake(
      this.policies,
      handler.controller,
      () => new Map<string, AccessPolicy>(),
    );
    return getOrMake(ofController, handler.method, () =>
      resolveAccessPolicy(handler, this.resources, (...at) => this.endpointOf(...at)),
    );
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
   * The decorators are kept under the method's name in its class. What a function that is none of the
   * class's or its instance's demands is not known, and its own name is no evidence.
   */
  private nameIn(controller: Type, method: Method): string {
    const name = this.namesIn(controller).get(method);
    if (name === undefined) {
      throw new McpAuthConfigurationError(
        `A handler of ${controller.name} is not one of its methods, so what it demands is not known; do not replace methods per request, nor in a request-scoped constructor.`,
      );
    }
    return name;
  }
}
