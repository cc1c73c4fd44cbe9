import type { Setup } from './contender.js';
import { create as createOnExpress } from './open-store.js';

export const create = (setup: Setup) => createOnExpress(setup, 'fastify');
