import type { Claims } from './claims-policy.js';

/**
 * Leaves out the claims that are `null`, since some servers write every claim whose name they know. The
 * same holds for JWTs and introspection responses.
 */
export function presentClaims(claims: Claims): Claims {
  return Object.values(claims).includes(null)
    ? Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null))
    : claims;
}
