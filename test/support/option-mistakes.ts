import { expect } from '@jest/globals';
import { McpAuthConfigurationError, type McpAuthModuleOptions } from 'nestjs-mcp-auth';
import { McpAuthModuleSettings } from '../../lib/options/mcp-auth-module.options.js';
import { validateOptions } from '../../lib/options/validation/validate-options.js';
import { RESOURCE } from './app.js';

export const ISSUER = 'https://auth.example.com';

export const URL_REMEDY =
  'must be an absolute URL with scheme and host, such as "https://example.com/path"';

/** Returns options with any changes, whatever their types. */
export const options = (change: {
  metadata?: Record<string, unknown>;
  resource?: Record<string, unknown>;
  module?: Record<string, unknown>;
}) =>
  ({
    protectedResources: {
      metadata: { resource: RESOURCE, authorizationServers: [ISSUER], ...change.metadata },
      ...change.resource,
    },
    ...change.module,
  }) as unknown as McpAuthModuleOptions;

export const twoResources = (a: string, b: string) =>
  ({
    protectedResources: [a, b].map((resource) => ({
      metadata: { resource, authorizationServers: [ISSUER] },
    })),
  }) as McpAuthModuleOptions;

/** A shared store, as a user can write it. */
export const sharedStore = { firstTime: () => true, put: () => undefined, get: () => [] };

/** Returns the error for options, or `undefined` if they are valid. */
export function failureOf(given: unknown): Error | undefined {
  try {
    validateOptions(McpAuthModuleSettings, given);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** Fails unless the error has exactly one line under its heading, and the line contains `- ` and this text. */
export function expectOneMistake(failure: Error | undefined, expected: string): void {
  expect(failure).toBeInstanceOf(McpAuthConfigurationError);
  const [heading, ...lines] = failure?.message.split('\n') ?? [];
  expect(heading).toBe('The options of McpAuthModule are not valid:');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(`- ${expected}`);
}
