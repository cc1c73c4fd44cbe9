import { Controller, Get } from '@nestjs/common';
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

export function create(
  { issuer }: Setup,
  adapter: 'express' | 'fastify' = 'express',
  options: { tokenCache?: false } = {},
  server: AuthorizationServerOptions = issuer,
) {
  const metadata = { resource: RESOURCE, authorizationServers: [server], scopesSupported: [SCOPE] };
  const module = McpAuthModule.forRoot({ protectedResources: { metadata }, ...options });
  return app({ controllers: [NotesController], imports: [module] }, adapter);
}
