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

/** The metadata key of Nest for the arguments of `@UseFilters()`. */
const FILTERS = '__exceptionFilters__';

/** An error that is never thrown. A filter for it is never called, so it costs a request nothing. */
class NeverThrown extends Error {}

/**
 * An exception filter that stops the start of an application which uses decorators of this package
 * without `McpAuthModule`: nothing would enforce the decorators. It also throws if a module with such decorators
 * is loaded lazily. The decorators bind it as a filter because Nest instantiates every bound filter and calls
 * its lifecycle hooks, even if the module is not imported.
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
        `A module that is loaded lazily${late === undefined ? '' : `, ${late.name},`} has decorators of nestjs-mcp-auth. Nest does not mount lazily loaded handlers, and no guard protects them. Import the module at start-up.`,
      );
    }
  }

  /** @throws McpAuthConfigurationError that names a class with a decorator that nothing enforces */
  onModuleInit(): void {
    if (this.module !== undefined) {
      return;
    }
    const name = this.decoratedClasses().at(0)?.name ?? 'A class';
    throw new McpAuthConfigurationError(
      copyIn(this.modules) === undefined
        ? `${name} has decorators of nestjs-mcp-auth, but McpAuthModule is not imported, so nothing protects it. Add McpAuthModule.forRoot() to the imports of the application.`
        : `${name} has decorators of one copy of nestjs-mcp-auth, but the McpAuthModule of the application is of another copy, so the decorators would not find the caller. Install only one copy ("npm ls nestjs-mcp-auth" shows all). A library that uses nestjs-mcp-auth must name it in its peerDependencies.`,
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

  private decoratedClasses(): Type[] {
    return this.hosts()
      .flatMap(({ controllers, providers }) => [...controllers.values(), ...providers.values()])
      .map(({ metatype }) => metatype)
      .filter(isDecoratedClass);
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

/**
 * Returns `true` for a decorated function, and for a function to which the metadata of a decorated function was
 * copied. It is enough that only metadata with string keys was copied.
 */
export function wasDecorated(implementation: object): boolean {
  return filtersOf(implementation).includes(RequiresMcpAuthModule);
}

function isDecoratedClass(type: unknown): type is Type {
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
