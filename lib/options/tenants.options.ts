import {
  AuthorizationServerSettings,
  type AuthorizationServerOptions,
} from './authorization-server.options.js';
import { expandServer } from './authorization-server-resolver.js';
import type { Plain } from './plain.js';
import { Nested } from './validation/nested.js';
import { Optional } from './validation/optional.js';

/**
 * The options of one tenant.
 *
 * @experimental It may change in any version.
 */
export type TenantOptions = Plain<TenantSettings>;

/** The class that validates {@link TenantOptions}. */
export class TenantSettings {
  /**
   * The authorization servers that may issue tokens for this tenant's resource, in addition to
   * `metadata.authorizationServers`. They are published after those servers, unless `publishedIssuers` is set.
   *
   * @defaultValue none
   */
  @Optional()
  @Nested(() => AuthorizationServerSettings, { many: true, expand: expandServer })
  authorizationServers?: AuthorizationServerOptions[];
}

/**
 * The result of looking up a tenant: `true`, or its options, if the tenant exists; `false` or `undefined` if not.
 *
 * @experimental It may change in any version.
 */
export type TenantAnswer = boolean | TenantOptions | undefined;

/**
 * A function that looks up a tenant by its name. It returns `true` or {@link TenantOptions} if the tenant exists. The
 * name is read from the path of a request. It has 1 to 100 letters, digits, `-`, `.`, `_` and `~`. Compare it exactly,
 * including case. Both results, known and unknown, are cached for `tenantCache.ttl`.
 *
 * Errors that the function throws are answered like the errors of an {@link AuthorizationServerResolver}.
 *
 * @experimental It may change in any version.
 */
export type FindTenant = (tenant: string) => TenantAnswer | Promise<TenantAnswer>;

/**
 * The names of all tenants, or a function that looks up a tenant.
 *
 * @experimental It may change in any version.
 */
export type TenantsOption = readonly string[] | FindTenant;
