import { AsyncLocalStorage } from 'node:async_hooks';
import {
  Controller,
  createParamDecorator,
  Get,
  Injectable,
  type CanActivate,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { app, notesOf, type Setup } from './contender.js';
import { openStore } from './open-store.js';

interface Caller {
  subject?: string;
}

const store = new AsyncLocalStorage<Caller>();
const Subject = createParamDecorator(() => store.getStore()?.subject);

@Injectable()
class LettingIn implements CanActivate {
  canActivate(): boolean {
    Object.assign(store.getStore() ?? {}, { subject: 'anybody' });
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

/** What Nest takes for a guard that looks at nothing and tells the handler, by a store, who is calling. */
export async function create(_setup: Setup, adapter: 'express' | 'fastify' = 'express') {
  const providers = [{ provide: APP_GUARD, useClass: LettingIn }];
  const application = await app({ controllers: [NotesController], providers }, adapter);
  return openStore(application, store, adapter);
}
