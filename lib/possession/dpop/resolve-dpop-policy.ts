import type { DpopMode, DpopOptions } from '../../options/dpop.options.js';
import { ASYMMETRIC_ALGORITHMS } from '../../options/jwt.options.js';
import { DpopNonces } from './dpop-nonces.js';
import type { DpopPolicy } from './dpop-policy.js';

/** Resolves validated options, with their defaults, for the resource with this identifier. */
export function resolveDpopPolicy(
  resource: string,
  given: DpopMode | DpopOptions = 'off',
): DpopPolicy {
  const options: DpopOptions = typeof given === 'string' ? { mode: given } : given;
  const { publicUrl = new URL(resource).origin } = options;
  return Object.freeze({
    mode: options.mode,
    algorithms: options.algorithms ?? ASYMMETRIC_ALGORITHMS,
    proofLifetime: options.proofLifetime ?? 60,
    publicUrl: publicUrl.replace(/\/+$/, ''),
    nonces: options.nonce
      ? new DpopNonces(new URL(publicUrl).origin, options.nonceSecret)
      : undefined,
  });
}
