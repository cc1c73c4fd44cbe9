import { Injectable, Module, type OnApplicationBootstrap, type Type } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';

type NestModule = ReturnType<ModulesContainer['values']> extends Iterable<infer T> ? T : never;

/** A provider of the `McpAuthModule` of this copy of the package. Other copies cannot inject it. */
@Injectable()
export class ModuleOfThisCopy implements OnApplicationBootstrap {
  isStarted = false;

  onApplicationBootstrap(): void {
    this.isStarted = true;
  }
}

/**
 * A module that `McpAuthModule` imports. It is not global, so its `distance` in Nest's module tree shows if it
 * was loaded lazily.
 */
@Module({})
export class LoadedWithMcpAuthModule {}

const REGISTRY = Symbol.for('nestjs-mcp-auth:applications');

/** Returns the map from an application to the registered module class. All copies of the package share it. */
function registrations(): WeakMap<ModulesContainer, Type> {
  const shared = globalThis as { [REGISTRY]?: WeakMap<ModulesContainer, Type> };
  return (shared[REGISTRY] ??= new WeakMap());
}

/** Returns the class of the `McpAuthModule` that is registered in an application, from any copy. */
export function copyIn(application: ModulesContainer): Type | undefined {
  return registrations().get(application);
}

export function registerCopy(application: ModulesContainer, module: Type): void {
  registrations().set(application, module);
}

/** Returns `true` for a lazily loaded module. Nest computes the distance of modules only at start-up. */
export function isLoadedLazily({ distance }: Pick<NestModule, 'distance'>): boolean {
  return distance === 0;
}
