import { IsNumber, IsPositive, Max } from 'class-validator';
import type { Plain } from './plain.js';
import { must } from './validation/must.js';
import { Optional } from './validation/optional.js';

/** The longest `maxTokenLifetime`, so that no revocation is stored forever. */
const A_YEAR = 31_536_000;

/** The options for revoking tokens in this application. */
export type RevocationOptions = Plain<RevocationSettings>;

/** The class that validates {@link RevocationOptions}. */
export class RevocationSettings {
  /**
   * The longest lifetime of your access tokens, in seconds. At most a year. The revocation of a subject,
   * or of a token of unknown expiry, is stored for this time. A token that lives longer is accepted again
   * afterwards.
   *
   * @defaultValue 86400, which is 24 hours
   */
  @Optional()
  @IsNumber({}, must.beAboveZero)
  @IsPositive(must.beAboveZero)
  @Max(A_YEAR, must.beAtMostSeconds)
  maxTokenLifetime?: number;
}
