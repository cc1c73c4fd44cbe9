import { AsyncLocalStorage } from 'node:async_hooks';
import type { INestApplication } from '@nestjs/common';
import { app, type Setup } from './contender.js';
import { NotesController } from './open.js';

/** Creates an app that opens the store for the caller and never reads it, to show what the store costs. */
export async function create(_setup: Setup, adapter: 'express' | 'fastify' = 'express') {
  const application = await app({ controllers: [NotesController] }, adapter);
  return openStore(application, new AsyncLocalStorage<object>(), adapter);
}

interface Hooks {
  addHook(name: string, hook: (request: object, reply: unknown, done: () => void) => void): void;
}

/** Runs each request inside the store. The guards of Nest run inside it too. */
export function openStore(
  application: INestApplication,
  store: AsyncLocalStorage<object>,
  adapter: 'express' | 'fastify',
): INestApplication {
  const run = (request: object, _response: unknown, next: () => void) => {
    store.run({ request }, next);
  };
  if (adapter === 'fastify') {
    (application.getHttpAdapter().getInstance() as Hooks).addHook('preHandler', run);
  } else {
    application.use(run);
  }
  return application;
}
