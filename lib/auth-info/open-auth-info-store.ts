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
 * middleware, and a request that `tryToAnswer()` has answered gets no store. On Fastify it is after Nest's
 * middleware, and `tryToAnswer()` is not called.
 *
 * On Express, a single middleware answers these requests and opens the store, because Express takes longer to
 * call a middleware than either job takes.
 *
 * The middleware or hook is bound to the adapter, so neither a global prefix nor `forRoutes()` limits it.
 *
 * @param tryToAnswer - answers a request for a metadata document, and returns `true` if it did
 */
export function openAuthInfoStore(
  adapter: AbstractHttpAdapter,
  tryToAnswer: (request: IncomingMessage, response: unknown) => boolean = () => false,
): void {
  if (adapter.getType() === 'fastify') {
    adapter.getInstance<FastifyHooks>().addHook('preHandler', ({ raw }, reply, done) => {
      runWithAuthInfo(raw, reply, done);
    });
  } else {
    adapter.use((request: IncomingMessage, response: unknown, next: () => void) => {
      if (!tryToAnswer(request, response)) {
        runWithAuthInfo(request, response, next);
      }
    });
  }
}
