import type { McpServer, ScopeChallengeHandler as SdkHandler } from '@modelcontextprotocol/server';
import { toScopeChallenge, type ScopeChallengeHandler } from 'nestjs-mcp-auth';

export const handler: SdkHandler = toScopeChallenge('read:todos');
export const typed: ScopeChallengeHandler = toScopeChallenge(
  { anyOf: ['admin', ['read:todos', 'write:todos']] },
  { scopeHierarchy: { admin: ['read:todos'] } },
);

export function register(server: McpServer): void {
  const scopeChallenge = toScopeChallenge(({ arguments: { id }, name }, authInfo) =>
    id === authInfo?.subject ? [] : `${name}:any`,
  );
  server.registerTool('delete-todo', { scopeChallenge }, () => ({ content: [] }));
  server.registerPrompt('review', { scopeChallenge }, () => ({ messages: [] }));
  server.registerResource('todos', 'todo://list', { scopeChallenge }, () => ({ contents: [] }));
}

// @ts-expect-error -- a requirement is needed
toScopeChallenge();
// @ts-expect-error -- a scope is a string
toScopeChallenge(1);
