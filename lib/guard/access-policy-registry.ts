import { Inject, Injectable, Logger, type OnModuleInit, type Type } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
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
  private readonly policies = new Map<Type, Map<Method, AccessPolicy>>();

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
    const policies = routes.map(({ controller, method, name }) => ({
      handler: nameOf({ controller, method: name }),
      policy: this.get(controller, method),
    }));
    this.logger.debug(summarize(policies));
  }

  /** @throws McpAuthConfigurationError as {@link resolveAccessPolicy} does */
  get(controller: Type, method: Method): AccessPolicy {
    return this.policies.get(controller)?.get(method) ?? this.resolve(controller, method);
  }

  private resolve(controller: Type, method: Method): AccessPolicy {
    const handler: Handler = { controller, method: this.nameOf(controller, method) };
    const policy = resolveAccessPolicy(handler, this.resources);
    const ofController = this.policies.get(controller) ?? new Map<Method, AccessPolicy>();
    this.policies.set(controller, ofController.set(method, policy));
    return policy;
  }

  /** The decorators are kept under the method's name in its class, whatever the function's own is. */
  private nameOf(controller: Type, method: Method): string {
    const found = this.methodsOf(controller).find((candidate) => candidate.method === method);
    return found?.name ?? method.name;
  }

  private routesOf(metatype: unknown): { controller: Type; method: Method; name: string }[] {
    return typeof metatype === 'function'
      ? this.methodsOf(metatype as Type)
          .filter(({ method }) => Reflect.hasMetadata(ROUTE_PATH, method))
          .map((found) => ({ ...found, controller: metatype as Type }))
      : [];
  }

  private methodsOf({ prototype }: Type): { method: Method; name: string }[] {
    const methods = prototype as Record<string, Method | undefined>;
    return this.scanner.getAllMethodNames(methods).flatMap((name) => {
      const method = methods[name];
      return method === undefined ? [] : [{ method, name }];
    });
  }
}
