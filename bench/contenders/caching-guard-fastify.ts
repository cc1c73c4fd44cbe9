import { create as createOnExpress } from './caching-guard.js';
import type { Setup } from './contender.js';

export const create = (setup: Setup) => createOnExpress(setup, 'fastify');
