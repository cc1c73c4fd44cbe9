import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { scopeTokenProblem } from '../scope/scope-token.js';
import { withoutTrailingSlash } from '../url/resource-identifier.js';
import { secureUrlProblem } from '../url/secure-url.js';
import type { DevServerOptions, DevServerResource, DevServerUser } from './dev-server.options.js';

/** The options with their defaults. */
export type ResolvedOptions = DevServerOptions &
  Required<Pick<DevServerOptions, 'users' | 'port' | 'host'>>;

/**
 * Checks the options and adds the defaults.
 *
 * @throws McpAuthConfigurationError if an option is wrong
 */
export function resolveOptions(options: DevServerOptions): ResolvedOptions {
  const resources = options.resources.map(({ resource, scopes }) => ({
    resource: checkedResource(resource),
    scopes: scopes.map(checkedScope),
  }));
  check(resources.length === 0, 'There must be at least one resource.');
  checkUnique('resource', resources, ({ resource }) => resource);
  const { users = defaultUsers(resources), port = 0, host = 'localhost', issuer } = options;
  const known = new Set(resources.flatMap(({ scopes }) => scopes));
  for (const user of users) {
    checkUser(user, known);
  }
  checkUnique('user', users, ({ username }) => username);
  return {
    ...options,
    resources,
    users,
    port,
    host,
    ...(issuer !== undefined && { issuer: checkedIssuer(issuer) }),
  };
}

function defaultUsers(resources: readonly DevServerResource[]): DevServerUser[] {
  const all = resources.flatMap(({ scopes }) => scopes);
  const allButTheLast = resources.flatMap(({ scopes }) => scopes.slice(0, -1));
  return [
    { username: 'alice', password: 'alice', scopes: unique(all) },
    { username: 'bob', password: 'bob', scopes: unique(allButTheLast) },
  ];
}

function checkedResource(resource: string): string {
  const problem = secureUrlProblem(resource, true);
  check(problem !== undefined, `The resource ${JSON.stringify(resource)} ${problem ?? ''}.`);
  return withoutTrailingSlash(resource);
}

function checkedScope(scope: string): string {
  const problem = scopeTokenProblem(scope);
  check(problem !== undefined, `The scope ${JSON.stringify(scope)} ${problem ?? ''}.`);
  return scope;
}

function checkedIssuer(issuer: string): string {
  const problem =
    secureUrlProblem(issuer, true) ??
    (new URL(issuer).origin === withoutTrailingSlash(issuer)
      ? undefined
      : `must be only an origin in its standard form: ${JSON.stringify(new URL(issuer).origin)}`);
  check(problem !== undefined, `The issuer ${JSON.stringify(issuer)} ${problem ?? ''}.`);
  return withoutTrailingSlash(issuer);
}

function checkUser({ username, password, scopes }: DevServerUser, known: Set<string>): void {
  check(username === '' || password === '', 'A user must have a name and a password.');
  const unknown = scopes.find((scope) => !known.has(scope));
  check(
    unknown !== undefined,
    `The user ${JSON.stringify(username)} has the scope ${JSON.stringify(unknown)}, which no resource has.`,
  );
}

function checkUnique<T>(what: string, values: readonly T[], nameOf: (value: T) => string): void {
  const names = values.map(nameOf);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  check(twice !== undefined, `The ${what} ${JSON.stringify(twice)} is there twice.`);
}

const unique = (scopes: string[]): string[] => [...new Set(scopes)];

function check(isWrong: boolean, message: string): void {
  if (isWrong) {
    throw new McpAuthConfigurationError(message);
  }
}
