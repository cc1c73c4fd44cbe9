import { Inject, Injectable, Logger, type OnModuleInit, type Type } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { ProtectedResourceRegistry } from '../protected-resource/protected-resource-registry.js';
import { nameOf, resolveAccessPolicy, type AccessPolicy, type Handler } from './access-policy.js';
import { summarize } from './access-summary.js';
import { GUARD_IS_GLOBAL } from './guard-is-global.js';

/** The key under which Nest keeps a route handler's path. */
const ROUTE_PATH = 'path';

/** What every handler of the application demands, worked out once, at start-up. */
@Injectable()
export class AccessPolicyRegistry implements OnModuleInit {
  private readonly logger = new Logger('McpAuthModule');
  private readonly policies = new Map<Type, Map<Handler['method'], AccessPolicy>>();

  constructor(
    private readonly resources: ProtectedResourceRegistry,
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    @Inject(GUARD_IS_GLOBAL) private readonly guardIsGlobal: boolean,
  ) {}

  /** Where the application binds the guard itself, only it knows which handlers are protected. */
  onModuleInit(): void {
    if (this.guardIsGlobal) {
      const handlers = this.discovery
        .getControllers()
        .flatMap(({ metatype }) => this.routesOf(metatype));
      const policies = handlers.map((handler) => ({
        handler: nameOf(handler),
        policy: this.get(handler),
      }));
      this.logger.debug(summarize(policies));
    }
  }

  /** @throws McpAuthConfigurationError as {@link resolveAccessPolicy} does */
  get(handler: Handler): AccessPolicy {
    return this.policies.get(handler.controller)?.get(handler.method) ?? this.resolve(handler);
  }

  private resolve(handler: Handler): AccessPolicy {
    const policy = resolveAccessPolicy(handler, this.resources);
    const ofController =
      this.policies.get(handler.controller) ?? new Map<Handler['method'], AccessPolicy>();
    this.policies.set(handler.controller, ofController.set(handler.method, policy));
    return policy;
  }

  private routesOf(metatype: unknown): Handler[] {
    const controller = metatype as Type | null;
    if (typeof controller !== 'function') {
      return [];
    }
    const prototype = controller.prototype as Record<string, Handler['method']>;
    return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
      const method = prototype[name];
      return method !== undefined && Reflect.hasMetadata(ROUTE_PATH, method)
        ? [{ controller, method }]
        : [];
    });
  }
}
