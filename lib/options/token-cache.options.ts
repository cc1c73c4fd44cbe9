import { IsNumber, IsPositive } from 'class-validator';
import type { Plain } from './plain.js';
import { IsCacheSize } from './constraints/values.js';
import { must } from './validation/must.js';
import { Optional } from './validation/optional.js';

/** How long verified JWT access tokens are kept, and how many tokens of any kind. */
export type TokenCacheOptions = Plain<TokenCacheSettings>;

/** The class that {@link TokenCacheOptions} are validated as. */
export class TokenCacheSettings {
  /**
   * How many tokens are kept at most, over all protected resources, and of 2 KiB on average: longer
   * ones count for several. The one that was not seen for longest goes first.
   *
   * @defaultValue 10000
   */
  @Optional()
  @IsCacheSize()
  max?: number;

  /**
   * For how many seconds a JWT is not verified again. It is never accepted past its `exp`, and no
   * longer than its key is in the JWK Set, however long this is.
   *
   * @defaultValue 60
   */
  @Optional()
  @IsNumber({}, must.beAboveZero)
  @IsPositive(must.beAboveZero)
  ttl?: number;
}
