/**
 * The requirements of a resource for a JWT access token, besides issuer, audience and `exp`. `clockTolerance`,
 * `requiredClaims` and `maxTokenAge` also apply to introspection responses. `clockTolerance` also applies to the
 * expiry that the application's own verifier returns.
 */
export interface JwtPolicy {
  /** The accepted JWS algorithms. They are asymmetric. */
  readonly algorithms: readonly string[];
  /** The seconds by which the clocks of the authorization server and of this server may differ. */
  readonly clockTolerance: number;
  /** The claims that a JWT must have, besides `iss` and `exp`. */
  readonly requiredClaims: readonly string[];
  /**
   * The accepted `typ` values. If `undefined`, a JWT may have `at+jwt`, `JWT` or no `typ` at all.
   */
  readonly typ: readonly string[] | undefined;
  /** The greatest age since `iat`, in seconds. */
  readonly maxTokenAge: number | undefined;
}
