import { Injectable, type Type } from '@nestjs/common';
import { ApplicationConfig, DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { Handler } from './handler.js';

/** A method as Nest knows it: by the function that stands under its name. */
export type Method = (...args: never[]) => unknown;

/** What calls a handler. `field` is a field resolver, which GraphQL guards only if it is told to. */
export type HandlerKind = 'http' | 'graphql' | 'field' | 'ws' | 'rpc';

export interface DiscoveredHandler extends Handler {
  readonly kind: HandlerKind;
}

/** The keys of Nest's own metadata; its packages are optional, so they are not asked for them. */
const ROUTE_PATH = 'path';
const MESSAGE_PATTERN = 'microservices:pattern';
const IS_GATEWAY = 'websockets:is_gateway';
const IS_SUBSCRIBER = 'websockets:message_mapping';
const RESOLVER_TYPE = 'graphql:resolver_type';
const RESOLVED_FIELD = ['graphql:resolve_property', 'graphql:resolve_reference'];
const ROOT_TYPES: unknown[] = ['Query', 'Mutation', 'Subscription'];

/** GraphQL runs no enhancers on it, whatever the options. */
const RESOLVE_TYPE = '__resolveType';

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
    return [
      ...this.find(controllers, controllerKinds),
      ...this.find(providers, (type, method, name) =>
        [resolverKind(method, name), gatewayKind(type, method)].flat(),
      ),
    ];
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

function controllerKinds(_type: Type, method: Method): HandlerKind[] {
  return [
    Reflect.hasMetadata(ROUTE_PATH, method) ? ('http' as const) : [],
    Reflect.hasMetadata(MESSAGE_PATTERN, method) ? ('rpc' as const) : [],
  ].flat();
}

function gatewayKind(type: Type, method: Method): HandlerKind[] {
  const isHandler =
    Reflect.hasMetadata(IS_GATEWAY, type) && Reflect.hasMetadata(IS_SUBSCRIBER, method);
  return isHandler ? ['ws'] : [];
}

function resolverKind(method: Method, name: string): HandlerKind[] {
  if (ROOT_TYPES.includes(Reflect.getMetadata(RESOLVER_TYPE, method))) {
    return ['graphql'];
  }
  const isField = RESOLVED_FIELD.some((key) => Reflect.hasMetadata(key, method));
  return isField && name !== RESOLVE_TYPE ? ['field'] : [];
}
