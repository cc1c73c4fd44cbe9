import type { Setup } from './contender.js';
import { create as createOurs } from './ours.js';

export function create(setup: Setup) {
  return createOurs(setup, 'fastify');
}
