import { IsNumber, IsPositive } from 'class-validator';
import type { Plain } from './plain.js';
import { IsCacheSize } from './constraints/values.js';
import { must } from './validation/must.js';
import { Optional } from './validation/optional.js';

/** The limits of the token cache. */
export type TokenCacheOptions = Plain<TokenCacheSettings>;

/** The class that validates {@link TokenCacheOptions}. */
export class TokenCacheSettings {
  /**
   * The greatest number of cached tokens of any kind, over all protected resources. Their total size is limited
   * too, to 2 KiB times this number, so fewer tokens fit if they are longer than that on average. The token that
   * was least recently used is dropped first; this order is approximate.
   *
   * @defaultValue 10000
   */
  @Optional()
  @IsCacheSize()
  max?: number;

  /**
   * The number of seconds for which a verified JWT is cached. It leaves the cache earlier when it expires (`exp`,
   * `jwt.maxTokenAge`), or when any key in the JWK Set changes.
   *
   * @defaultValue 60
   */
  @Optional()
  @IsNumber({}, must.beAboveZero)
  @IsPositive(must.beAboveZero)
  ttl?: number;
}
