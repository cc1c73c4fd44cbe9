import { Controller, Get } from '@nestjs/common';
import { Redis } from 'ioredis';
import { AuthInfo, McpAuthModule, MemoryStateStore, RequireScopes } from 'nestjs-mcp-auth';
import { RedisStateStore } from 'nestjs-mcp-auth/redis';
import { app, notesOf, RESOURCE, SCOPE, type Setup } from './contender.js';

/** Enough room for all proofs that arrive while the store remembers them. */
const ROOM = { maxKeys: 1_000_000 };

@Controller('notes')
class NotesController {
  @Get()
  @RequireScopes(SCOPE)
  list(@AuthInfo('subject') owner: string) {
    return notesOf(owner);
  }
}

/** Creates an app that accepts DPoP-bound tokens and bearer tokens. */
export function create({ issuer, keepTokensFor: ttl, redisPort }: Setup) {
  const metadata = { resource: RESOURCE, authorizationServers: [issuer] };
  const module = McpAuthModule.forRoot({
    protectedResources: { metadata, dpop: { mode: 'accepted' } },
    tokenCache: ttl === undefined ? {} : { ttl },
    store:
      redisPort === undefined
        ? new MemoryStateStore(ROOM)
        : new RedisStateStore(new Redis(redisPort, '127.0.0.1')),
  });
  return app({ controllers: [NotesController], imports: [module] });
}
