import { IsNumber, IsPositive, Max } from 'class-validator';
import type { Plain } from './plain.js';
import { must } from './validation/must.js';
import { Optional } from './validation/optional.js';

/** What is remembered of a token for longer would be remembered for good. */
const A_YEAR = 31_536_000;

/** For how long it is remembered what was revoked. */
export type RevocationOptions = Plain<RevocationSettings>;

/** The class that {@link RevocationOptions} are validated as. */
export class RevocationSettings {
  /**
   * The longest lifetime that an access token has, in seconds; at most a year. So long is remembered that
   * a subject's tokens are revoked, or a token of unknown expiry: one that lives longer is accepted again
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
