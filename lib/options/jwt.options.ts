import { ArrayNotEmpty, IsArray, IsIn, IsNumber, IsPositive, Max, Min } from 'class-validator';
import { IsNonEmptyString } from './constraints/values.js';
import type { Plain } from './plain.js';
import { EachItem, OneOrMore } from './validation/each-item.js';
import { must } from './validation/must.js';
import { Optional } from './validation/optional.js';

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
 * The options for verifying JWT access tokens (RFC 9068, section 4). `clockTolerance`, `requiredClaims` and
 * `maxTokenAge` also apply to introspection responses, in which `exp` is optional.
 */
export type JwtOptions = Plain<JwtSettings>;

/** The greatest tolerance: clocks differ by "a few minutes" at most (RFC 7519, section 4.1.4). */
const TEN_MINUTES = 600;

/** The class that validates {@link JwtOptions}. */
export class JwtSettings {
  /**
   * The accepted JWS algorithms. `none` and symmetric algorithms are rejected at start-up.
   *
   * @defaultValue every asymmetric algorithm: `RS*`, `PS*`, `ES*`, `EdDSA` and `Ed25519`
   */
  @Optional()
  @IsArray(must.beAnArray)
  @ArrayNotEmpty(must.notBeEmpty)
  @EachItem(IsIn(ASYMMETRIC_ALGORITHMS, must.beOneOf))
  algorithms?: AsymmetricAlgorithm[];

  /**
   * The number of seconds by which the clocks of the authorization server and of this server may differ. It
   * applies to `exp`, `nbf`, `iat` and `maxTokenAge`. At most 600.
   *
   * @defaultValue 5
   */
  @Optional()
  @IsNumber({}, must.beZeroOrMore)
  @Min(0, must.beZeroOrMore)
  @Max(TEN_MINUTES, must.beAtMostSeconds)
  clockTolerance?: number;

  /**
   * The claims that a token must have besides `iss` and `exp`, which every JWT must have.
   *
   * @defaultValue none
   */
  @Optional()
  @IsArray(must.beAnArray)
  @EachItem(IsNonEmptyString())
  requiredClaims?: string[];

  /**
   * The accepted values of the `typ` header, compared without case and without `application/`. Set it to
   * `'at+jwt'` if your provider follows RFC 9068, so that an ID token is never accepted as an access token.
   * A token without `typ` is then rejected.
   *
   * @defaultValue `at+jwt`, `JWT`, or no `typ` at all
   */
  @Optional()
  @OneOrMore(IsNonEmptyString())
  typ?: string | string[];

  /**
   * The greatest accepted age of a token since its `iat`, in seconds. A token without `iat` is then
   * rejected.
   *
   * @defaultValue no limit but the token's own `exp`
   */
  @Optional()
  @IsNumber({}, must.beAboveZero)
  @IsPositive(must.beAboveZero)
  maxTokenAge?: number;
}
