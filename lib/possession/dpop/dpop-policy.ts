import type { DpopMode } from '../../options/dpop.options.js';
import type { DpopNonces } from './dpop-nonces.js';

/** The requirements of a resource for DPoP proofs (RFC 9449), with the options resolved. */
export interface DpopPolicy {
  /** The mode: DPoP-bound tokens are rejected, accepted or required. */
  readonly mode: DpopMode;
  /** The accepted JWS algorithms of proofs. They are asymmetric. */
  readonly algorithms: readonly string[];
  /** The seconds by which the time of a proof may differ from the clock, either way. */
  readonly proofLifetime: number;
  /** The beginning of the URLs that clients use, without the path that arrives here. */
  readonly publicUrl: string;
  /** The nonces, one of which a proof must contain, or `undefined` if proofs need no nonce. */
  readonly nonces: DpopNonces | undefined;
}
