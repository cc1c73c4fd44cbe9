import {
  AuthorizationServerSettings,
  type AuthorizationServerOptions,
} from './authorization-server.options.js';
import { expandServer } from './authorization-server-resolver.js';
import type { Plain } from './plain.js';
import { Nested } from './validation/nested.js';
import { Optional } from './validation/optional.js';

/**
 * What is peculiar to one tenant.
 *
 * @experimental It may change in any version.
 */
export type TenantOptions = Plain<TenantSettings>;

/** The class that {@link TenantOptions} are validated as. */
export class TenantSettings {
  /**
   * The authorization servers that may issue tokens for this tenant's resource, besides those of
   * `metadata.authorizationServers`. They are published after those.
   *
   * @defaultValue none
   */
  @Optional()
  @Nested(() => AuthorizationServerSettings, { many: true, expand: expandServer })
  authorizationServers?: AuthorizationServerOptions[];
}

/**
 * Whether there is a tenant, and what is peculiar to it.
 *
 * @experimental It may change in any version.
 */
export type TenantAnswer = boolean | TenantOptions | undefined;

/**
 * Says whether there is a tenant of this name: `true`, or {@link TenantOptions}. It is asked with what
 * stands in the path of a request: at most 100 letters, digits, `-`, `.`, `_` and `~`. Compare it exactly,
 * case included. Both answers are kept for `tenantCache.ttl`.
 *
 * What it throws is answered as for {@link AuthorizationServerResolver}.
 *
 * @experimental It may change in any version.
 */
export type FindTenant = (tenant: string) => TenantAnswer | Promise<TenantAnswer>;

/**
 * The names of all tenants, or a function that knows them.
 *
 * @experimental It may change in any version.
 */
export type TenantsOption = readonly string[] | FindTenant;
