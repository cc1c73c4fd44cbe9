import { parseArgs } from 'node:util';
import type { DevServerResource, DevServerUser } from '../dev-server/dev-server.options.js';
import { resolveOptions, type ResolvedOptions } from '../dev-server/resolved-options.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { UsageError } from './command.js';

const ARGUMENTS = {
  resource: { type: 'string', multiple: true },
  scopes: { type: 'string', multiple: true },
  user: { type: 'string', multiple: true },
  port: { type: 'string' },
  host: { type: 'string' },
  issuer: { type: 'string' },
} as const;

/** Matches a user: the name, the password if there is one, and the scopes if there are any. */
const USER = /^([^:=]+)(?::([^=]*))?(?:=(.*))?$/;

/**
 * Reads the arguments of the command `dev-server`.
 *
 * @throws UsageError if the arguments are not right
 */
export function devServerOptions(args: string[]): ResolvedOptions {
  const { values } = parseArgs({ args, options: ARGUMENTS });
  const { resource = [], scopes = [], user, port = '9000', host, issuer } = values;
  if (resource.length === 0) {
    throw new UsageError('needs --resource, the resource identifier of your application');
  }
  const resources = withScopes(resource, scopes);
  try {
    return resolveOptions({
      resources,
      port: portOf(port),
      users: user?.map((text) => userOf(text, resources)),
      host,
      issuer,
    });
  } catch (error) {
    throw error instanceof McpAuthConfigurationError ? new UsageError(error.message) : error;
  }
}

/** Assigns the lists of scopes to the resources: one list to all resources, or one list to each, in the same order. */
function withScopes(resources: string[], lists: string[]): DevServerResource[] {
  if (lists.length > 1 && lists.length !== resources.length) {
    throw new UsageError(
      `has ${lists.length} times --scopes for ${resources.length} times --resource: give --scopes once, or once for each --resource`,
    );
  }
  return resources.map((resource, index) => ({
    resource,
    scopes: scopesIn(lists[index] ?? lists[0] ?? ''),
  }));
}

function userOf(text: string, resources: readonly DevServerResource[]): DevServerUser {
  const [, username, password = username, scopes] = USER.exec(text) ?? [];
  if (username === undefined || password === undefined) {
    throw new UsageError(
      `--user must be like alice, alice:password or alice:password=read:notes, not ${JSON.stringify(text)}`,
    );
  }
  const all = resources.flatMap((resource) => resource.scopes);
  return {
    username,
    password,
    scopes: scopes === undefined ? [...new Set(all)] : scopesIn(scopes),
  };
}

function scopesIn(list: string): string[] {
  return list.split(/[\s,]+/).filter((scope) => scope !== '');
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Infinity;
  if (port > 65_535) {
    throw new UsageError(`--port must be a number from 0 to 65535, not ${JSON.stringify(text)}`);
  }
  return port;
}
