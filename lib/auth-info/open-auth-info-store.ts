import type { IncomingMessage } from 'node:http';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { runWithAuthInfo } from './auth-info.context.js';

interface FastifyHooks {
  addHook(
    name: 'preHandler',
    hook: (request: { raw: object }, reply: unknown, done: () => void) => void,
  ): void;
}

/**
 * Opens a store for the caller around every request, before Nest's own middleware and guards. A request
 * that `isAnswered` has answered gets none. One middleware does both: Express goes through all of them with
 * every request, and each costs more than the work in it.
 *
 * It is bound to the adapter itself, so that neither a global prefix nor a middleware's routes limit it.
 */
export function openAuthInfoStore(
  adapter: AbstractHttpAdapter,
  isAnswered: (request: IncomingMessage, response: unknown) => boolean = () => false,
): void {
  if (adapter.getType() === 'fastify') {
    adapter.getInstance<FastifyHooks>().addHook('preHandler', ({ raw }, reply, done) => {
      runWithAuthInfo(raw, reply, done);
    });
  } else {
    adapter.use((request: IncomingMessage, response: unknown, next: () => void) => {
      if (!isAnswered(request, response)) {
        runWithAuthInfo(request, response, next);
      }
    });
  }
}
