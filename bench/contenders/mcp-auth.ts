import { Controller, Get, Req } from '@nestjs/common';
import { fetchServerConfig, MCPAuth } from 'mcp-auth';
import { app, notesOf, RESOURCE, SCOPE, type Setup } from './contender.js';

@Controller('notes')
class NotesController {
  @Get()
  list(@Req() request: { auth?: { subject?: string } }) {
    return notesOf(request.auth?.subject);
  }
}

export async function create({ issuer }: Setup) {
  const server = await fetchServerConfig(issuer, { type: 'oidc' });
  const mcpAuth = new MCPAuth({
    protectedResources: [
      {
        metadata: {
          resource: RESOURCE,
          authorizationServers: [server],
          scopesSupported: [SCOPE],
        },
      },
    ],
  });
  const nest = await app({ controllers: [NotesController] });
  nest.use(
    '/notes',
    mcpAuth.bearerAuth('jwt', { resource: RESOURCE, audience: RESOURCE, requiredScopes: [SCOPE] }),
  );
  return nest;
}
