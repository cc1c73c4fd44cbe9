import type { Claims } from './claims-policy.js';

/**
 * Leaves out the claims that are `null`: some servers write all claims that they know the names of. One
 * rule for JWTs and introspection responses.
 */
export function presentClaims(claims: Claims): Claims {
  return Object.values(claims).includes(null)
    ? Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null))
    : claims;
}
