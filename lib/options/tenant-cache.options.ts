import type { Plain } from './plain.js';
import { Checked } from './validation/checked.js';
import { Optional } from './validation/optional.js';
import { cacheSize, positiveNumber } from './validation/problems.js';

/** How long what the application says of issuers is kept, and how much of it. */
export type TenantCacheOptions = Plain<TenantCacheSettings>;

/** The class that {@link TenantCacheOptions} are validated as. */
export class TenantCacheSettings {
  /**
   * How many issuers of each resolver are kept at most, with their metadata and their keys; as many that
   * are not trusted. The one that was not seen for longest goes first.
   *
   * @defaultValue 1000
   */
  @Optional()
  @Checked('max', cacheSize)
  max?: number;

  /**
   * For how many seconds a resolver is not asked again about an issuer, whatever it said. For as long,
   * tokens of an issuer that is no longer trusted are accepted.
   *
   * @defaultValue 60
   */
  @Optional()
  @Checked('ttl', positiveNumber)
  ttl?: number;
}
