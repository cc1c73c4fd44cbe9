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
   * The greatest number of trusted issuers that are cached for each resolver, with their metadata and
   * keys. Besides them, the same number of untrusted issuers is cached. The same number of tenants, and of
   * names that belong to no tenant, is cached for each resource with `{tenant}`. The least recently seen
   * one is dropped first.
   *
   * @defaultValue 1000
   */
  @Optional()
  @IsCacheSize()
  max?: number;

  /**
   * The number of seconds for which the result for an issuer or a tenant is cached, positive or negative.
   * Tokens of an issuer that you no longer trust, or for a tenant that you removed, are still accepted
   * for that time.
   *
   * @defaultValue 60
   */
  @Optional()
  @IsNumber({}, must.beAboveZero)
  @IsPositive(must.beAboveZero)
  ttl?: number;
}
