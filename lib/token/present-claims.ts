import type { Claims } from './claims-policy.js';

/**
 * Leaves out the claims that are `null`. Some servers write all claims that they know, and write `null` where
 * there is no value. They do so in JWTs and in introspection responses.
 */
export function presentClaims(claims: Claims): Claims {
  return Object.values(claims).includes(null)
    ? Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null))
    : claims;
}
