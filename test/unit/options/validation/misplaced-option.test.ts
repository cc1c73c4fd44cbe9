import { describe, expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import { AuthorizationServerSettings } from '../../../../lib/options/authorization-server.options.js';
import { McpAuthModuleSettings } from '../../../../lib/options/mcp-auth-module.options.js';
import { ProtectedResourceMetadataSettings } from '../../../../lib/options/protected-resource-metadata.options.js';
import { ProtectedResourceSettings } from '../../../../lib/options/protected-resource.options.js';
import { optionNames } from '../../../../lib/options/validation/options-class.js';
import { validateOptions } from '../../../../lib/options/validation/validate-options.js';

const RESOURCE = 'https://api.example.com/notes';
const ISSUER = 'https://auth.example.com';

type Level = Record<string, unknown>;

/** Returns valid options with these additional options at each level. */
const optionsWith = ({
  module,
  resource,
  metadata,
  server,
}: Record<string, Level> = {}): unknown => ({
  protectedResources: {
    metadata: {
      resource: RESOURCE,
      authorizationServers: [{ issuer: ISSUER, ...server }],
      ...metadata,
    },
    ...resource,
  },
  ...module,
});

const failure = (options: unknown): string => {
  try {
    validateOptions(McpAuthModuleSettings, options);
  } catch (error) {
    return (error as Error).message;
  }
  return 'valid';
};

const IN_MODULE = 'an option of the module; move it out of "protectedResources"';
const OUT_OF_METADATA =
  'an option of the protected resource; move it out of "metadata", which is published';
const IN_SERVER = 'an option of an authorization server; put it into one of';

/** Returns a case for each option of `type` that `here`, the class of the wrong level, does not have as well. */
const misplaced = (
  type: Type<object>,
  level: string,
  here: Type<object>,
  message: string,
): [string, string, string][] =>
  optionNames(type)
    .filter((name) => !optionNames(here).includes(name))
    .map((name) => [name, level, message]);

describe('an option at the wrong level', () => {
  it.each([
    ...misplaced(McpAuthModuleSettings, 'resource', ProtectedResourceSettings, IN_MODULE),
    ...misplaced(McpAuthModuleSettings, 'metadata', ProtectedResourceMetadataSettings, IN_MODULE),
    ...misplaced(
      ProtectedResourceSettings,
      'metadata',
      ProtectedResourceMetadataSettings,
      OUT_OF_METADATA,
    ),
    ...misplaced(
      ProtectedResourceMetadataSettings,
      'resource',
      ProtectedResourceSettings,
      'what is published about the resource; put it into "metadata"',
    ),
    ...misplaced(
      AuthorizationServerSettings,
      'resource',
      ProtectedResourceSettings,
      `${IN_SERVER} "metadata.authorizationServers"`,
    ),
  ])('%s in the %s is reported with the right place', (name, level, message) => {
    expect(failure(optionsWith({ [level]: { [name]: 1 } }))).toContain(`.${name} is ${message}`);
  });

  it('is not reported for a metadata field that has the name of a server option', () => {
    expect(failure(optionsWith({ metadata: { type: 'mcp', issuer: ISSUER } }))).toBe('valid');
  });
});
