import type { Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { ProviderSource } from './provider-source.js';

/**
 * Returns a provider of `McpAuthModule` for a function that takes an application.
 *
 * It searches the modules first, because an application of `NestFactory` ends the process if it is asked
 * for a class that it does not have.
 *
 * @throws McpAuthConfigurationError that names the function, if the application has no `McpAuthModule`
 */
export function moduleProvider<T>(app: ProviderSource, type: Type<T>, caller: string): T {
  const modules = [...app.get(ModulesContainer, { strict: false }).values()];
  if (!modules.some(({ providers }) => providers.has(type))) {
    throw new McpAuthConfigurationError(
      `${caller} was given an application that does not import the McpAuthModule of this copy of nestjs-mcp-auth. Add McpAuthModule.forRoot() to its imports. If it is there, install only one copy ("npm ls nestjs-mcp-auth" shows them).`,
    );
  }
  return app.get(type, { strict: false });
}
