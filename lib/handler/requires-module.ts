import {
  Catch,
  Inject,
  Optional,
  type ExceptionFilter,
  type OnModuleInit,
  type Type,
} from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { copyIn, isLoadedLazily, ModuleOfThisCopy } from './module-of-this-copy.js';

/** The key under which Nest keeps what `@UseFilters()` was given. */
const FILTERS = '__exceptionFilters__';

/** Nothing throws it: a filter for it is never called, so it costs a request nothing. */
class NeverThrown extends Error {}

/**
 * Stops the start where a decorator of ours stands in an application without `McpAuthModule`, where nothing
 * would enforce it. The decorators bind it as an exception filter, since Nest makes an instance of every
 * bound filter, and calls its lifecycle hooks, whether or not the module is imported.
 */
@Catch(NeverThrown)
export class RequiresMcpAuthModule implements ExceptionFilter, OnModuleInit {
  constructor(
    private readonly modules: ModulesContainer,
    @Optional() @Inject(ModuleOfThisCopy) private readonly module?: ModuleOfThisCopy,
  ) {
    const late = this.hosts().find((host) => isLoadedLazily(host));
    if (late !== undefined || this.module?.isStarted) {
      throw new McpAuthConfigurationError(
        `A module that is loaded lazily${late === undefined ? '' : `, ${late.name},`} has decorators of nestjs-mcp-auth: Nest mounts no handler that is loaded lazily, and no guard comes to it. Import the module at start-up.`,
      );
    }
  }

  /** @throws McpAuthConfigurationError naming a class with a decorator that nothing enforces */
  onModuleInit(): void {
    if (this.module !== undefined) {
      return;
    }
    const name = this.bearers().at(0)?.name ?? 'A class';
    throw new McpAuthConfigurationError(
      copyIn(this.modules) === undefined
        ? `${name} has decorators of nestjs-mcp-auth, and McpAuthModule is not imported: nothing protects it. Add McpAuthModule.forRoot() to the imports of the application.`
        : `${name} has decorators of another copy of nestjs-mcp-auth than the McpAuthModule of the application: they know of no caller. Install one copy ("npm ls nestjs-mcp-auth" shows them); a library names it in peerDependencies.`,
    );
  }

  catch(exception: unknown): never {
    throw exception;
  }

  private hosts() {
    return [...this.modules.values()].filter(({ injectables }) =>
      injectables.has(RequiresMcpAuthModule),
    );
  }

  private bearers(): Type[] {
    return this.hosts()
      .flatMap(({ controllers, providers }) => [...controllers.values(), ...providers.values()])
      .map(({ metatype }) => metatype)
      .filter(isBearer);
  }
}

/** Binds {@link RequiresMcpAuthModule} to a class, and to a function that may be mixed in elsewhere. */
export function requireModule(...targets: readonly unknown[]): void {
  for (const target of targets.filter((each) => typeof each === 'function')) {
    if (!filtersOf(target).includes(RequiresMcpAuthModule)) {
      Reflect.defineMetadata(FILTERS, [...filtersOf(target), RequiresMcpAuthModule], target);
    }
  }
}

/** Whether a decorator of ours stood on a function, or on one whose metadata by strings was copied to it. */
export function bearsDecorator(implementation: object): boolean {
  return filtersOf(implementation).includes(RequiresMcpAuthModule);
}

function isBearer(type: unknown): type is Type {
  if (typeof type !== 'function' || typeof type.prototype !== 'object') {
    return false;
  }
  const methods = Object.values(
    Object.getOwnPropertyDescriptors(type.prototype as Record<string, unknown>),
  ).map(({ value }): unknown => value);
  return [type, ...methods]
    .filter((target) => typeof target === 'function')
    .some((target) => filtersOf(target).includes(RequiresMcpAuthModule));
}

function filtersOf(target: object): unknown[] {
  return (Reflect.getMetadata(FILTERS, target) ?? []) as unknown[];
}
