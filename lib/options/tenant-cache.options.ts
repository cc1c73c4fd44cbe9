import { IsNumber, IsPositive } from 'class-validator';
import type { Plain } from './plain.js';
import { IsCacheSize } from './constraints/values.js';
import { must } from './validation/must.js';
import { Optional } from './validation/optional.js';

/** The limits of the caches of issuers (from a resolver) and tenants (from `tenants`). */
export type TenantCacheOptions = Plain<TenantCacheSettings>;

/** The class that validates {@link TenantCacheOptions}. */
export class TenantCacheSettings {
  /**
   * The greatest number of entries in each cache. Each resolver has one cache for trusted issuers (with their metadata
   * and keys) and one for untrusted issuers. Each resource with `{tenant}` has one cache for tenants and one for names
   * of no tenant. The least recently used entry is dropped first.
   *
   * @defaultValue 1000
   */
  @Optional()
  @IsCacheSize()
  max?: number;

  /**
   * The number of seconds for which an answer is cached: an issuer is trusted or not, a tenant is known or not. Tokens
   * of an issuer that you no longer trust, or for a tenant that you removed, are still accepted for that time.
   *
   * @defaultValue 60
   */
  @Optional()
  @IsNumber({}, must.beAboveZero)
  @IsPositive(must.beAboveZero)
  ttl?: number;
}
