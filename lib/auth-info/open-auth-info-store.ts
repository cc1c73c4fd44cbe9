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
 * Opens a store for the caller around every request, before any guard. On Express this is before Nest's own
 * middleware, and a request that `isAnswered()` has answered gets no store. On Fastify it is after Nest's
 * middleware, and `isAnswered()` is not called.
 *
 * On Express, one middleware calls `isAnswered()` and opens the store. Express calls every middleware for
 * every request, and the call itself costs more than the work in the middleware.
 *
 * The middleware or hook is bound to the adapter, so neither a global prefix nor `forRoutes()` limits it.
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
