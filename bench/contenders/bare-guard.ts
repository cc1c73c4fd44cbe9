import { AsyncLocalStorage } from 'node:async_hooks';
import {
  Controller,
  createParamDecorator,
  Get,
  Injectable,
  type CanActivate,
  type Type,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { app, notesOf, type Setup } from './contender.js';
import { openStore } from './open-store.js';

interface Caller {
  subject?: unknown;
}

const store = new AsyncLocalStorage<Caller>();
export const Subject = createParamDecorator(() => store.getStore()?.subject);

/** Stores the subject of the caller for the handler. */
export function passCaller(subject: unknown): void {
  Object.assign(store.getStore() ?? {}, { subject });
}

/** Accepts every request without looking at it. */
@Injectable()
export class LettingIn implements CanActivate {
  canActivate(): boolean {
    passCaller('anybody');
    return true;
  }
}

@Controller('notes')
class NotesController {
  @Get()
  list(@Subject() owner: string) {
    return notesOf(owner);
  }
}

/** Creates an app with a guard, a store for the caller, and a handler that reads the caller from the store. */
export async function guardedBy(
  guard: Type<CanActivate>,
  adapter: 'express' | 'fastify',
  controllers: Type[] = [NotesController],
) {
  const providers = [{ provide: APP_GUARD, useClass: guard }];
  const application = await app({ controllers, providers }, adapter);
  return openStore(application, store, adapter);
}

export const create = (_setup: Setup, adapter: 'express' | 'fastify' = 'express') =>
  guardedBy(LettingIn, adapter);
