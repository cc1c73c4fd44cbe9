import type { Type } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import {
  copyIn,
  isLoadedLazily,
  LoadedWithMcpAuthModule,
  registerCopy,
} from '../handler/module-of-this-copy.js';

/**
 * Records that an application has the module.
 *
 * @throws McpAuthConfigurationError if the application already has the module, from this copy of the package
 * or from another one, or if the module is loaded after the start
 */
export function registerApplication(application: ModulesContainer, module: Type): void {
  assertLoadedAtStart(application);
  assertRegisteredOnce(application, module);
  registerCopy(application, module);
}

function assertLoadedAtStart(application: ModulesContainer): void {
  const isLazy = [...application.values()].some(
    (loaded) => loaded.metatype === LoadedWithMcpAuthModule && isLoadedLazily(loaded),
  );
  if (isLazy) {
    throw new McpAuthConfigurationError(
      'McpAuthModule is loaded lazily, after Nest has bound the global guards: it would protect nothing. Add it to the imports of the root module.',
    );
  }
}

function assertRegisteredOnce(application: ModulesContainer, module: Type): void {
  const registered = copyIn(application);
  if (registered !== undefined) {
    throw new McpAuthConfigurationError(
      registered === module
        ? 'McpAuthModule is registered twice; register it once, and name all resources in protectedResources.'
        : 'McpAuthModule is registered by two copies of nestjs-mcp-auth; install only one copy ("npm ls nestjs-mcp-auth" shows the copies), and register McpAuthModule once.',
    );
  }
}
