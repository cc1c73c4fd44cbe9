import type { Plain } from './plain.js';
import { Checked } from './validation/checked.js';
import { Optional } from './validation/optional.js';
import { upToAYear } from './validation/problems.js';

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
  @Checked('maxTokenLifetime', upToAYear)
  maxTokenLifetime?: number;
}
