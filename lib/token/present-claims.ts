import type { Claims } from './claims-policy.js';

/**
 * Returns the claims without those that are `null`. Some servers write `null` for every claim without a value, in JWTs
 * and in introspection responses.
 */
export function presentClaims(claims: Claims): Claims {
  return Object.values(claims).includes(null)
    ? Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null))
    : claims;
}
