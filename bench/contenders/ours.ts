import { Controller, Get, type DynamicModule } from '@nestjs/common';
import {
  AuthInfo,
  McpAuthModule,
  RequireScopes,
  type AuthorizationServerOptions,
} from 'nestjs-mcp-auth';
import { app, notesOf, RESOURCE, SCOPE, type Setup } from './contender.js';

@Controller('notes')
class NotesController {
  @Get()
  @RequireScopes(SCOPE)
  list(@AuthInfo('subject') owner: string) {
    return notesOf(owner);
  }
}

interface More {
  tokenCache?: false | { ttl?: number };
  imports?: DynamicModule[];
}

export function create(
  { issuer, keepTokensFor: ttl }: Setup,
  adapter: 'express' | 'fastify' = 'express',
  { tokenCache = ttl === undefined ? {} : { ttl }, imports = [] }: More = {},
  server: AuthorizationServerOptions = issuer,
) {
  const metadata = { resource: RESOURCE, authorizationServers: [server], scopesSupported: [SCOPE] };
  const module = McpAuthModule.forRoot({ protectedResources: { metadata }, tokenCache });
  return app({ controllers: [NotesController], imports: [module, ...imports] }, adapter);
}
