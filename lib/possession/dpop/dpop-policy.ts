import type { DpopMode } from '../../options/dpop.options.js';
import type { DpopNonces } from './dpop-nonces.js';

/** What a resource asks of DPoP proofs (RFC 9449), its options resolved. */
export interface DpopPolicy {
  /** Whether tokens that are bound to a key are accepted, or only they are. */
  readonly mode: DpopMode;
  /** The accepted JWS algorithms of proofs; asymmetric ones only. */
  readonly algorithms: readonly string[];
  /** By how many seconds the time of a proof may differ from the clock, either way. */
  readonly proofLifetime: number;
  /** What clients see before the path of a request. */
  readonly publicUrl: string;
  /** The nonces that proofs must hold, where they must. */
  readonly nonces: DpopNonces | undefined;
}
