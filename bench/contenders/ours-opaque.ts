import type { Setup } from './contender.js';
import { create as createOurs } from './ours.js';

/** Asks the authorization server about tokens that are no JWTs. */
export function create(setup: Setup) {
  const introspection = { clientId: 'bench', clientSecret: 'bench' };
  return createOurs(setup, 'express', {}, { issuer: setup.issuer, introspection });
}
