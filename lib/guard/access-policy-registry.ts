import { Inject, Injectable, Logger, type OnModuleInit, type Type } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { ProtectedResourceRegistry } from '../protected-resource/protected-resource-registry.js';
import { resolveAccessPolicy, type AccessPolicy } from './access-policy.js';
import { summarize } from './access-summary.js';
import { GUARD_IS_GLOBAL } from './guard-is-global.js';
import { nameOf, type Handler } from './handler.js';

/** The key under which Nest keeps a route handler's path. */
const ROUTE_PATH = 'path';

/** A method as Nest knows it: by the function that stands under its name. */
type Method = (...args: never[]) => unknown;

/** What every handler of the application demands, worked out once, at start-up. */
@Injectable()
export class AccessPolicyRegistry implements OnModuleInit {
  private readonly logger = new Logger('McpAuthModule');
  private readonly names = new Map<Type, ReadonlyMap<Method, string>>();
  private readonly policies = new Map<Type, Map<string, AccessPolicy>>();

  constructor(
    private readonly resources: ProtectedResourceRegistry,
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    @Inject(GUARD_IS_GLOBAL) private readonly guardIsGlobal: boolean,
  ) {}

  /** Where the application binds the guard itself, only it knows which handlers are protected. */
  onModuleInit(): void {
    if (!this.guardIsGlobal) {
      return;
    }
    const routes = this.discovery
      .getControllers()
      .flatMap(({ metatype }) => this.routesOf(metatype));
    const policies = routes.map((handler) => ({
      handler: nameOf(handler),
      policy: this.policyOf(handler),
    }));
    this.logger.debug(summarize(policies));
  }

  /** @throws McpAuthConfigurationError as {@link resolveAccessPolicy} does */
  get(controller: Type, method: Method): AccessPolicy {
    return this.policyOf({ controller, method: this.nameIn(controller, method) });
  }

  private policyOf(handler: Handler): AccessPolicy {
    const ofController = this.policies.get(handler.controller) ?? new Map<string, AccessPolicy>();
    this.policies.set(handler.controller, ofController);
    const policy = ofController.get(handler.method) ?? resolveAccessPolicy(handler, this.resources);
    ofController.set(handler.method, policy);
    return policy;
  }

  /**
   * The decorators are kept under the method's name in its class. A function that is not the class's
   * own is an instance's: bound in the constructor, or wrapped, and then named after what it wraps.
   */
  private nameIn(controller: Type, method: Method): string {
    const names = this.names.get(controller) ?? this.namesOf(controller);
    this.names.set(controller, names);
    const name = names.get(method) ?? method.name.replace(/^bound /, '');
    if (names.get(method) === undefined && ![...names.values()].includes(name)) {
      throw new McpAuthConfigurationError(
        `A handler of ${controller.name} is not one of its methods, so what it demands is not known; give the function that replaces a method the method's name.`,
      );
    }
    return name;
  }

  private routesOf(metatype: unknown): Handler[] {
    const controller = metatype as Type;
    return typeof metatype === 'function'
      ? [...this.namesOf(controller)]
          .filter(([method]) => Reflect.hasMetadata(ROUTE_PATH, method))
          .map(([, name]) => ({ controller, method: name }))
      : [];
  }

  private namesOf({ prototype }: Type): ReadonlyMap<Method, string> {
    const methods = prototype as Record<string, Method | undefined>;
    const named = this.scanner
      .getAllMethodNames(methods)
      .map((name) => [methods[name], name] as const);
    return new Map(named.flatMap(([method, name]) => (method ? [[method, name] as const] : [])));
  }
}
