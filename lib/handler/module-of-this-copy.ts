import { Injectable, Module, type OnApplicationBootstrap, type Type } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';

type NestModule = ReturnType<ModulesContainer['values']> extends Iterable<infer T> ? T : never;

/** Given by the `McpAuthModule` of this copy of the package, to what only this copy can know. */
@Injectable()
export class ModuleOfThisCopy implements OnApplicationBootstrap {
  isStarted = false;

  onApplicationBootstrap(): void {
    this.isStarted = true;
  }
}

/** Imported by `McpAuthModule`: not global, so that its distance tells when it was loaded. */
@Module({})
export class LoadedWithMcpAuthModule {}

const REGISTRY = Symbol.for('nestjs-mcp-auth:applications');

/** Which copy of the package has registered its module in which application: all copies share the map. */
function registrations(): WeakMap<ModulesContainer, Type> {
  const shared = globalThis as { [REGISTRY]?: WeakMap<ModulesContainer, Type> };
  return (shared[REGISTRY] ??= new WeakMap());
}

/** The class of the `McpAuthModule` that is registered in an application, of whichever copy. */
export function copyIn(application: ModulesContainer): Type | undefined {
  return registrations().get(application);
}

export function registerCopy(application: ModulesContainer, module: Type): void {
  registrations().set(application, module);
}

/** Nest works out the distance of every module at start-up, and of none that is loaded later. */
export function isLoadedLazily({ distance }: Pick<NestModule, 'distance'>): boolean {
  return distance === 0;
}
