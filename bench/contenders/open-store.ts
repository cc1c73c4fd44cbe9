import { AsyncLocalStorage } from 'node:async_hooks';
import { app, type Setup } from './contender.js';
import { NotesController } from './open.js';

/** What the store for the caller costs by itself, with nothing that reads it. */
export async function create(_setup: Setup, adapter: 'express' | 'fastify' = 'express') {
  const store = new AsyncLocalStorage();
  const application = await app({ controllers: [NotesController] }, adapter);
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

interface Hooks {
  addHook(name: string, hook: (request: object, reply: unknown, done: () => void) => void): void;
}
