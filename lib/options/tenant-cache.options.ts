import { IsNumber, IsPositive } from 'class-validator';
import type { Plain } from './plain.js';
import { IsCacheSize } from './constraints/values.js';
import { must } from './validation/must.js';
import { Optional } from './validation/optional.js';

/** The bounds of the cache of what the application says about issuers (a resolver) and tenants (`tenants`). */
export type TenantCacheOptions = Plain<TenantCacheSettings>;

/** The class that {@link TenantCacheOptions} are validated as. */
export class TenantCacheSettings {
  /**
   * How many issuers of each resolver are cached at most, with their metadata and their keys; as many that
   * are not trusted. Of each resource with `{tenant}`, as many tenants, and as many names of no tenant. The
   * least recently seen goes first.
   *
   * @defaultValue 1000
   */
  @Optional()
  @IsCacheSize()
  max?: number;

  /**
   * For how many seconds a resolver is not asked again about an issuer, nor `tenants` about a tenant,
   * whatever it said. For as long, tokens of an issuer that is no longer trusted are accepted, and so are
   * those for a tenant that is gone.
   *
   * @defaultValue 60
   */
  @Optional()
  @IsNumber({}, must.beAboveZero)
  @IsPositive(must.beAboveZero)
  ttl?: number;
}
