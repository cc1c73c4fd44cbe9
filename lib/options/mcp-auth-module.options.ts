import { IsIn, IsNumber, Max, Min } from 'class-validator';
import type { StateStore } from '../store/state-store.js';
import { DEFAULT_EXTRAS } from './mcp-auth-module.extras.js';
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

/** A server that is down for longer is not coming back with the same keys. */
const A_WEEK = 604_800;

const DISCOVERY_MODES = ['on-demand', 'eager'] as const;

/** When the metadata of the authorization servers is fetched. */
export type DiscoveryMode = (typeof DISCOVERY_MODES)[number];

/** The options of {@link McpAuthModule}. */
export type McpAuthModuleOptions = Plain<McpAuthModuleSettings>;

/** The class that {@link McpAuthModuleOptions} are validated as; validated, the injection token of the options. */
export class McpAuthModuleSettings {
  static readonly memberIs = 'an option of the module';
  static readonly elsewhere = Object.fromEntries(
    Object.keys(DEFAULT_EXTRAS).map((name) => [
      name,
      'decides which providers there are; give it beside "useFactory", not in what that returns',
    ]),
  );

  /** The protected resource that this application is, or all of them. */
  @Nested(() => ProtectedResourceSettings, { many: true })
  @AreProtectedResources()
  protectedResources!: ProtectedResourceOptions | ProtectedResourceOptions[];

  /**
   * `'on-demand'`: with the first token of an authorization server. `'eager'`: at start-up; the
   * application does not start without.
   *
   * @defaultValue `'on-demand'`
   */
  @Optional()
  @IsIn(DISCOVERY_MODES, must.beOneOf)
  discovery?: DiscoveryMode;

  /**
   * How many milliseconds an authorization server has to answer a request for its metadata or its
   * JWK Set, or about a token, the whole answer included. `transformMetadata`, a `tokenVerifier` of your own, and the
   * conditions and functions of scopes of a handler have as long: else the request is answered 503.
   *
   * @defaultValue 5000
   */
  @Optional()
  @IsMilliseconds()
  fetchTimeout?: number;

  /**
   * For how many seconds the metadata and the JWK Set of an authorization server are used beyond their
   * lifetime, while no newer ones can be had; at most a week. A key that is withdrawn meanwhile is
   * accepted as long. With 0, tokens are answered with 503 once the lifetime is over.
   *
   * @defaultValue 86400, which is 24 hours
   */
  @Optional()
  @IsNumber({}, must.beZeroOrMore)
  @Min(0, must.beZeroOrMore)
  @Max(A_WEEK, must.beAtMostSeconds)
  staleIfError?: number;

  /**
   * How long verified JWT access tokens are kept, so that they are not verified anew for each request;
   * with `false` they are. A token that the authorization server revokes meanwhile is accepted until
   * its time here is over. What a server says of a token by introspection is kept as well, each for
   * `introspection.cacheTtl`. What a `tokenVerifier` of your own returns is never kept.
   *
   * @defaultValue 10,000 tokens, 60 seconds each
   */
  @OptionalOrFalse()
  @Nested(() => TokenCacheSettings, { orFalse: true })
  tokenCache?: TokenCacheOptions | false;

  /**
   * How long what a resolver in `authorizationServers` says of an issuer, and `tenants` of a tenant, is cached.
   *
   * @defaultValue 1000 issuers of each resolver and 1000 tenants of each resource, 60 seconds each
   */
  @Optional()
  @Nested(() => TenantCacheSettings)
  tenantCache?: TenantCacheOptions;

  /**
   * What the instances of the application have to know of each other: which proofs were used, which
   * tokens are revoked. One instance needs none; several share a `RedisStateStore` of
   * `nestjs-mcp-auth/redis`. While it cannot be asked, requests that depend on it are answered with 503.
   *
   * @defaultValue a {@link MemoryStateStore} with room for 100,000 keys of each kind
   */
  @Optional()
  @IsStateStore()
  @HasSharedNonceSecret()
  store?: StateStore;

  /**
   * How {@link TokenRevocations} remembers; with `false` nothing can be revoked. With a `store` of your
   * own, each request with a token asks it whether the token was revoked, which takes a round trip to
   * Redis: `false` saves it. Without one, it costs next to nothing.
   *
   * @defaultValue on, for tokens that live for up to 24 hours
   */
  @OptionalOrFalse()
  @Nested(() => RevocationSettings, { orFalse: true })
  revocation?: RevocationOptions | false;
}
