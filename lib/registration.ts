import { types } from 'node:util';
import { McpAuthConfigurationError } from './errors/configuration.error.js';
import type { McpAuthModuleSettings } from './options/mcp-auth-module.options.js';

/**
 * Checks that `McpAuthModule.forRoot()` was given options. Nest would read a promise or a function as empty
 * options.
 *
 * @throws McpAuthConfigurationError if `forRoot()` was given something else
 */
export function assertOptions(given: unknown): void {
  if (types.isPromise(given)) {
    given.catch(() => undefined);
    throw mistake(
      'forRoot() was given a promise; use forRootAsync({ useFactory: async () => … }), which waits for it',
    );
  }
  if (typeof given === 'function') {
    throw mistake(
      'forRoot() was given a function; use forRootAsync({ useFactory: … }), which calls it',
    );
  }
  if (typeof given !== 'object' || given === null) {
    throw mistake(
      'forRoot() must be given options, at least { protectedResources: { metadata: { resource, authorizationServers } } }',
    );
  }
  if ('useFactory' in given || 'useClass' in given || 'useExisting' in given) {
    throw mistake('forRoot() was given a factory or class that makes options; use forRootAsync()');
  }
}

/**
 * Checks that `McpAuthModule.forRootAsync()` was given a way to create the options.
 *
 * @throws McpAuthConfigurationError if it was given no such way, the options themselves, or a `useFactory` that is not
 * a function
 */
export function assertFactory(given: unknown): void {
  const { useFactory, useClass, useExisting, protectedResources } = (given ?? {}) as Record<
    string,
    unknown
  >;
  if (protectedResources !== undefined) {
    throw mistake('forRootAsync() was given the options themselves; use forRoot()');
  }
  if (useFactory === undefined && useClass === undefined && useExisting === undefined) {
    throw mistake('forRootAsync() must be given one of useFactory, useClass and useExisting');
  }
  if (useFactory !== undefined && typeof useFactory !== 'function') {
    throw mistake('useFactory of forRootAsync() must be a function that returns the options');
  }
}

/**
 * Checks that the document of `legacyDiscovery` is published. With `controller: false`, no document is published.
 *
 * @throws McpAuthConfigurationError if `legacyDiscovery` is set, but no document is published
 */
export function assertMirrorIsServed(
  { protectedResources }: McpAuthModuleSettings,
  isServed: boolean,
): void {
  if (!isServed && [protectedResources].flat().some(({ legacyDiscovery }) => legacyDiscovery)) {
    throw mistake(
      'protectedResources.legacyDiscovery has no effect with controller: false, since no document is published then; remove legacyDiscovery or controller: false',
    );
  }
}

function mistake(what: string): McpAuthConfigurationError {
  return new McpAuthConfigurationError(`McpAuthModule: ${what}.`);
}
