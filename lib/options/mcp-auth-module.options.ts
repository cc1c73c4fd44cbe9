import { IsIn, IsNumber, Max, Min } from 'class-validator';
import type { StateStore } from '../store/state-store.js';
import { DEFAULT_EXTRAS } from './mcp-auth-module.extras.js';
import { NetworkSettings, type NetworkOptions } from './network.options.js';
import type { Plain } from './plain.js';
import {
  ProtectedResourceSettings,
  type ProtectedResourceOptions,
} from './protected-resource.options.js';
import { RevocationSettings, type RevocationOptions } from './revocation.options.js';
import { TenantCacheSettings, type TenantCacheOptions } from './tenant-cache.options.js';
import { TokenCacheSettings, type TokenCacheOptions } from './token-cache.options.js';
import { AreProtectedResources } from './constraints/are-protected-resources.js';
import { HasSharedNonceSecret, IsStateStore } from './constraints/is-state-store.js';
import { IsMilliseconds } from './constraints/values.js';
import { must } from './validation/must.js';
import { Nested } from './validation/nested.js';
import { Optional, OptionalOrFalse } from './validation/optional.js';

/** The greatest `staleIfError`. A server that is down for longer may well return with other keys. */
const A_WEEK = 604_800;

const DISCOVERY_MODES = ['on-demand', 'eager'] as const;

/** The time at which the metadata of the authorization servers is fetched. */
export type DiscoveryMode = (typeof DISCOVERY_MODES)[number];

/** The options of {@link McpAuthModule}. */
export type McpAuthModuleOptions = Plain<McpAuthModuleSettings>;

/**
 * The class that validates {@link McpAuthModuleOptions}, and the injection token of the validated
 * options.
 */
export class McpAuthModuleSettings {
  static readonly memberIs = 'an option of the module';
  static readonly elsewhere = Object.fromEntries(
    Object.keys(DEFAULT_EXTRAS).map((name) => [
      name,
      'decides which providers are registered; give it next to "useFactory", not in the object that the factory returns',
    ]),
  );

  /** The protected resource of this application, or an array of several. */
  @Nested(() => ProtectedResourceSettings, { many: true })
  @AreProtectedResources()
  protectedResources!: ProtectedResourceOptions | ProtectedResourceOptions[];

  /**
   * The time at which the metadata of the authorization servers is fetched.
   *
   * - `'on-demand'`: with the first token of an authorization server.
   * - `'eager'`: at start-up. The application does not start if the metadata, or keys that are needed, cannot be fetched.
   *
   * @defaultValue `'on-demand'`
   */
  @Optional()
  @IsIn(DISCOVERY_MODES, must.beOneOf)
  discovery?: DiscoveryMode;

  /**
   * The way to the authorization servers: a forward proxy, a private certificate authority, or your own `fetch`.
   *
   * @defaultValue directly, by the built-in client
   */
  @Optional()
  @Nested(() => NetworkSettings)
  network?: NetworkOptions;

  /**
   * The number of milliseconds in which an authorization server must send a whole response: its metadata, its
   * JWK Set, or an introspection response. The same limit holds for your own functions: `transformMetadata`,
   * `introspection.bearerToken`, `tokenVerifier`, `tenants`, a resolver in `authorizationServers`, and the
   * conditions and scope functions of a handler. After that time the guard answers 503.
   *
   * @defaultValue 5000
   */
  @Optional()
  @IsMilliseconds()
  fetchTimeout?: number;

  /**
   * The number of seconds for which metadata and JWK Sets are used after their lifetime, if newer documents cannot be
   * fetched. It is at most a week. A key that the authorization server withdraws during that time is still accepted.
   * With 0, the guard answers 503 as soon as the lifetime is over.
   *
   * @defaultValue 86400, which is 24 hours
   */
  @Optional()
  @IsNumber({}, must.beZeroOrMore)
  @Min(0, must.beZeroOrMore)
  @Max(A_WEEK, must.beAtMostSeconds)
  staleIfError?: number;

  /**
   * The cache of verified access tokens. With `false`, each request verifies or introspects its token again.
   * JWTs are cached for `ttl`, and introspected tokens for `introspection.cacheTtl`. Results of your own
   * `tokenVerifier` are never cached. A JWT that only the authorization server revokes is accepted until it
   * expires, with and without this cache: see `revocation`.
   *
   * @defaultValue 10,000 tokens, 60 seconds each
   */
  @OptionalOrFalse()
  @Nested(() => TokenCacheSettings, { orFalse: true })
  tokenCache?: TokenCacheOptions | false;

  /**
   * The cache for the results of two functions of yours: a resolver in `authorizationServers` returns the options of an
   * issuer, and `tenants` returns the options of a tenant.
   *
   * @defaultValue 1000 issuers of each resolver and 1000 tenants of each resource, 60 seconds each
   */
  @Optional()
  @Nested(() => TenantCacheSettings)
  tenantCache?: TenantCacheOptions;

  /**
   * The state that the instances of the application share: which proofs were used, and which tokens are
   * revoked. A single instance does not need this option. Several instances share a `RedisStateStore` of
   * `nestjs-mcp-auth/redis`. While the store is unavailable, requests that depend on it are answered with
   * 503.
   *
   * @defaultValue a {@link MemoryStateStore} with room for 100,000 keys of each kind
   */
  @Optional()
  @IsStateStore()
  @HasSharedNonceSecret()
  store?: StateStore;

  /**
   * The options of {@link TokenRevocations}. With `false`, tokens cannot be revoked here. With a `store` of your own,
   * each request with a token asks the store if the token was revoked. That is a round trip to Redis, which `false`
   * saves. With the default store, this check costs next to nothing.
   *
   * @defaultValue on, for tokens with a lifetime of up to 24 hours
   */
  @OptionalOrFalse()
  @Nested(() => RevocationSettings, { orFalse: true })
  revocation?: RevocationOptions | false;
}
