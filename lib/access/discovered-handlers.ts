import { Injectable, type Type } from '@nestjs/common';
import { ApplicationConfig, DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { Handler } from './handler.js';
import { controllerKinds, providerKinds, type HandlerKind, type Method } from './handler-kind.js';

export interface DiscoveredHandler extends Handler {
  readonly kind: HandlerKind;
}

/** The methods that Nest calls for somebody: of controllers, resolvers and gateways. */
@Injectable()
export class DiscoveredHandlers {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  all(): DiscoveredHandler[] {
    const controllers = this.discovery.getControllers().map(({ metatype }) => metatype);
    const providers = this.discovery.getProviders().map(({ metatype }) => metatype);
    return [...this.find(controllers, controllerKinds), ...this.find(providers, providerKinds)];
  }

  /** Whether GraphQL runs guards on field resolvers, as far as all GraphQL modules agree. */
  fieldsAreGuarded(): boolean {
    const options = this.discovery
      .getProviders()
      .filter(({ token }) => token === 'GqlModuleOptions')
      .map(({ instance }) => instance as { fieldResolverEnhancers?: string[] } | undefined);
    return options.every((given) => given?.fieldResolverEnhancers?.includes('guards') ?? false);
  }

  /** Whether Nest runs global guards on gateways: it does since version 12, which is told by this. */
  gatewaysAreGuarded(): boolean {
    return 'getGlobalPreRequestHooks' in ApplicationConfig.prototype;
  }

  namesOf({ prototype }: Type): ReadonlyMap<Method, string> {
    const methods = prototype as Record<string, Method | undefined>;
    const named = this.scanner
      .getAllMethodNames(methods)
      .map((name) => [methods[name], name] as const);
    return new Map(named.flatMap(([method, name]) => (method ? [[method, name] as const] : [])));
  }

  private find(
    metatypes: unknown[],
    kindsOf: (type: Type, method: Method, name: string) => HandlerKind[],
  ): DiscoveredHandler[] {
    return [...new Set(metatypes)]
      .filter(isClass)
      .flatMap((controller) =>
        [...this.namesOf(controller)].flatMap(([method, name]) =>
          kindsOf(controller, method, name).map((kind) => ({ controller, method: name, kind })),
        ),
      );
  }
}

/** The metatype of a factory is the factory, which may be an arrow function. */
function isClass(metatype: unknown): metatype is Type {
  return typeof metatype === 'function' && typeof metatype.prototype === 'object';
}
