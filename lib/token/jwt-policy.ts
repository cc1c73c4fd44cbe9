/** What a resource asks of a JWT access token, besides issuer, audience and lifetime. */
export interface JwtPolicy {
  /** The accepted JWS algorithms; asymmetric ones only. */
  readonly algorithms: readonly string[];
  /** By how many seconds the clocks of the two servers may differ. */
  readonly clockTolerance: number;
  /** Claims that must be there, besides `iss` and `exp`. */
  readonly requiredClaims: readonly string[];
  /** The accepted `typ` values; without them the built-in ones, and none at all, are accepted. */
  readonly typ: readonly string[] | undefined;
  /** The greatest age since `iat`, in seconds. */
  readonly maxTokenAge: number | undefined;
}
