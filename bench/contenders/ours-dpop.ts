import { Controller, Get } from '@nestjs/common';
import { Redis } from 'ioredis';
import { AuthInfo, McpAuthModule, MemoryStateStore, RequireScopes } from 'nestjs-mcp-auth';
import { RedisStateStore } from 'nestjs-mcp-auth/redis';
import { app, notesOf, RESOURCE, SCOPE, type Setup } from './contender.js';

/** As many proofs as are sent within the time for which they are remembered. */
const ROOM = { maxKeys: 1_000_000 };

@Controller('notes')
class NotesController {
  @Get()
  @RequireScopes(SCOPE)
  list(@AuthInfo('subject') owner: string) {
    return notesOf(owner);
  }
}

/** Takes tokens that are bound to a key, and plain ones. */
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
