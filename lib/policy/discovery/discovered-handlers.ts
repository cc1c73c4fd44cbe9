import { Injectable, type Type } from '@nestjs/common';
import { ApplicationConfig, DiscoveryService, MetadataScanner } from '@nestjs/core';
import { getOrMake } from '../../cache/get-or-make.js';
import { McpAuthConfigurationError } from '../../errors/configuration.error.js';
import { classesOf, isClass } from './classes-of.js';
import type { Handler, Method } from '../../handler/handler.js';
import { McpEndpoints } from '../mcp-endpoints.js';
import type { HandlerKind } from '../../transport/transport.js';
import { kindsOf } from '../../transport/transports.js';
import { runsGlobalGuards, websocketsVersion } from './websockets-version.js';

export interface DiscoveredHandler extends Handler {
  /**
   * The kind of call that reaches the handler. With `mcp`, an MCP server of another library calls it, after a
   * request to an MCP endpoint.
   */
  readonly kind: HandlerKind | 'mcp';
}

/** The list of a Nest module that contains a class with handlers. */
type ClassList = 'controllers' | 'providers';

/** The wrapper in which Nest stores a controller or a provider. */
type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

/** The methods that Nest calls for clients: those of controllers, resolvers and gateways. */
@Injectable()
export class DiscoveredHandlers {
  private wrappers: ReadonlyMap<unknown, readonly Wrapper[]> = new Map();
  /**
   * The cached handlers of each class. Each step of the start-up looks for new classes, because factories may
   * have made more instances.
   */
  private readonly ofControllers = new Map<Type, DiscoveredHandler[]>();
  private readonly ofProviders = new Map<Type, DiscoveredHandler[]>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly endpoints: McpEndpoints,
  ) {}

  all(): DiscoveredHandler[] {
    const controllers = this.discovery.getControllers().map(({ metatype }) => metatype);
    const providers = this.discovery.getProviders().flatMap(classesOf);
    return [
      ...this.find(controllers, 'controllers', this.ofControllers),
      ...this.find(providers, 'providers', this.ofProviders),
    ];
  }

  /** Returns `true` if all GraphQL modules run guards on field resolvers. */
  fieldsAreGuarded(): boolean {
    const options = this.discovery
      .getProviders()
      .filter(({ token }) => token === 'GqlModuleOptions')
      .map(({ instance }) => instance as { fieldResolverEnhancers?: string[] } | undefined);
    return options.every((given) => given?.fieldResolverEnhancers?.includes('guards') ?? false);
  }

  /** Returns `true` if Nest runs global guards on gateways. */
  gatewaysAreGuarded(): boolean {
    const version = websocketsVersion();
    // If the package is not found, the version of @nestjs/core decides.
    return version === undefined
      ? 'getGlobalPreRequestHooks' in ApplicationConfig.prototype
      : runsGlobalGuards(version);
  }

  /**
   * Returns the functions that Nest calls for a handler: the method of the prototype, and the functions that
   * replace it on instances.
   */
  functionsOf({ controller, method }: Handler): Method[] {
    const owners = [controller.prototype as object, ...this.instancesOf(controller)];
    const functions = owners.map((owner) => (owner as Record<string, Method>)[method]);
    return [...new Set(functions)].filter((found) => typeof found === 'function');
  }

  /**
   * Returns the functions from which Nest takes the guards of a handler. For routes and messages it
   * takes them from the functions of the instances, otherwise from the method of the prototype.
   */
  calledFunctionsOf(handler: DiscoveredHandler): Method[] {
    const { controller, method, kind } = handler;
    const isByInstance = kind === 'http' || kind === 'rpc';
    return isByInstance
      ? this.functionsOf(handler)
      : [(controller.prototype as Record<string, Method>)[method]].filter(
          (found) => found !== undefined,
        );
  }

  /** Returns `true` if Nest creates an instance of the class for each request. */
  isPerRequest(type: Type): boolean {
    return !this.wrappersOf(type).every((wrapper) => wrapper.isDependencyTreeStatic());
  }

  /**
   * Returns the method name for each function that Nest may call. These are the methods of the prototype,
   * and the bound or wrapped functions that replace them on an instance.
   *
   * @throws McpAuthConfigurationError if two method names share one function, because it is not clear then
   * whose requirements apply
   */
  namesOf(type: Type): ReadonlyMap<Method, string> {
    const prototype = type.prototype as Record<string, Method | undefined>;
    const names = this.scanner.getAllMethodNames(prototype);
    const found = new Map<Method, string>();
    for (const methods of [prototype, ...this.instancesOf(type)]) {
      for (const name of names) {
        const method = methods[name];
        if (typeof method === 'function') {
          assertOneName(type, name, found.get(method));
          found.set(method, name);
        }
      }
    }
    return found;
  }

  private instancesOf(type: Type): Record<string, Method | undefined>[] {
    return this.wrappersOf(type)
      .filter((wrapper) => wrapper.isDependencyTreeStatic())
      .map(({ instance }) => instance as Record<string, Method | undefined> | undefined)
      .filter((instance) => instance instanceof type) as Record<string, Method | undefined>[];
  }

  /**
   * Returns the wrappers of a class. Groups the wrappers of all classes at the first call, and again for an
   * unknown class, which a lazy module may have added.
   */
  private wrappersOf(type: Type): readonly Wrapper[] {
    if (!this.wrappers.has(type)) {
      this.wrappers = groupByClass([
        ...this.discovery.getControllers(),
        ...this.discovery.getProviders(),
      ]);
    }
    return this.wrappers.get(type) ?? [];
  }

  private find(
    metatypes: unknown[],
    list: ClassList,
    cached: Map<Type, DiscoveredHandler[]>,
  ): DiscoveredHandler[] {
    return [...new Set(metatypes)].filter(isClass).flatMap((type) => {
      return getOrMake(cached, type, () => this.handlersOf(type, list));
    });
  }

  private handlersOf(controller: Type, list: ClassList): DiscoveredHandler[] {
    return this.scanner.getAllMethodNames(controller.prototype as object).flatMap((name) => {
      const method = (controller.prototype as Record<string, Method>)[name];
      const kinds = typeof method === 'function' ? kindsOf(list, controller, method, name) : [];
      const handler = { controller, method: name };
      const isServed = kinds.length > 0 && this.endpoints.isServed(handler);
      return (isServed ? (['mcp'] as const) : kinds).map((kind) => ({ ...handler, kind }));
    });
  }
}

function groupByClass(wrappers: Wrapper[]): Map<unknown, Wrapper[]> {
  const groups = new Map<unknown, Wrapper[]>();
  for (const wrapper of wrappers) {
    getOrMake(groups, wrapper.metatype, (): Wrapper[] => []).push(wrapper);
  }
  return groups;
}

function assertOneName(type: Type, name: string, other = name): void {
  if (other !== name) {
    throw new McpAuthConfigurationError(
      `${type.name}.${name} and ${type.name}.${other} are the same function, so it is not clear whose requirements apply; give each method its own function.`,
    );
  }
}
