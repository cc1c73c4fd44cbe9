import type { AbstractHttpAdapter } from '@nestjs/core';
import { runWithAuthInfo } from './auth-info.context.js';

interface FastifyHooks {
  addHook(
    name: 'preHandler',
    hook: (request: { raw: object }, reply: unknown, done: () => void) => void,
  ): void;
}

/**
 * Opens a store for the caller around every request, before Nest's own middleware and guards.
 *
 * On the adapter itself, so that neither a global prefix nor a middleware's routes limit it.
 */
export function openAuthInfoStore(adapter: AbstractHttpAdapter): void {
  if (adapter.getType() === 'fastify') {
    adapter.getInstance<FastifyHooks>().addHook('preHandler', ({ raw }, reply, done) => {
      runWithAuthInfo(raw, reply, done);
    });
  } else {
    adapter.use((request: object, response: unknown, next: () => void) => {
      runWithAuthInfo(request, response, next);
    });
  }
}
