import type { Plain } from './plain.js';
import { Optional } from './validation/optional.js';
import { Checked, eachItem, oneOrMore } from './validation/checked.js';
import { nonEmptyString, clockTolerance, oneOf, positiveNumber } from './validation/problems.js';

/** The JWS algorithms whose verification key is public (RFC 7518, RFC 8037, RFC 9864). */
export const ASYMMETRIC_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

/** A JWS algorithm whose verification key is public. */
export type AsymmetricAlgorithm = (typeof ASYMMETRIC_ALGORITHMS)[number];

/**
 * How JWT access tokens are verified (RFC 9068, section 4). `clockTolerance`, `requiredClaims` and
 * `maxTokenAge` hold for introspection responses too, of which `exp` is not required.
 */
export type JwtOptions = Plain<JwtSettings>;

/** The class that {@link JwtOptions} are validated as. */
export class JwtSettings {
  /**
   * The accepted JWS algorithms. `none` and the symmetric ones are refused at start-up.
   *
   * @defaultValue every asymmetric algorithm: `RS*`, `PS*`, `ES*`, `EdDSA` and `Ed25519`
   */
  @Optional()
  @Checked('algorithms', (value, owner) =>
    Array.isArray(value) && value.length === 0
      ? 'must not be an empty array'
      : eachItem(oneOf(...ASYMMETRIC_ALGORITHMS))(value, owner),
  )
  algorithms?: AsymmetricAlgorithm[];

  /**
   * By how many seconds the clocks of the two servers may differ: tolerated for `exp`, `nbf`,
   * `iat` and `maxTokenAge`. At most 600.
   *
   * @defaultValue 5
   */
  @Optional()
  @Checked('clockTolerance', clockTolerance)
  clockTolerance?: number;

  /**
   * Claims that must be in the token, besides `iss` and `exp`, which always must.
   *
   * @defaultValue none
   */
  @Optional()
  @Checked('requiredClaims', eachItem(nonEmptyString))
  requiredClaims?: string[];

  /**
   * The accepted values of the `typ` header, compared without case and without `application/`.
   * Set it to `'at+jwt'` if your provider follows RFC 9068, so that an ID token is never taken for
   * an access token; a token without `typ` is then refused.
   *
   * @defaultValue `at+jwt`, `JWT`, or no `typ` at all
   */
  @Optional()
  @Checked('typ', oneOrMore(nonEmptyString))
  typ?: string | string[];

  /**
   * The greatest accepted age of a token since its `iat`, in seconds. A token without `iat` is
   * then refused.
   *
   * @defaultValue no limit but the token's own `exp`
   */
  @Optional()
  @Checked('maxTokenAge', positiveNumber)
  maxTokenAge?: number;
}
