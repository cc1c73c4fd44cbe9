import type { Setup } from './contender.js';
import { create as createOurs } from './ours.js';

/** Creates an app that introspects tokens that are not JWTs. */
export function create(setup: Setup) {
  const introspection = { clientId: 'bench', clientSecret: 'bench' };
  return createOurs(setup, 'express', {}, { issuer: setup.issuer, introspection });
}
