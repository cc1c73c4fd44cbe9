import { USERS } from './users.js';

/** How to go on with a client of one's own. */
export function connectHints(endpoint: URL, hasOwnUsers: boolean): string {
  const url = endpoint.href;
  const people = Object.values(USERS).map(
    ({ username, password }) => `${username} (password ${password})`,
  );
  return `
The server stays up. ${hasOwnUsers ? `Sign in as ${people.join(' or ')}.` : ''}

  MCP Inspector   npx @modelcontextprotocol/inspector
                  transport "Streamable HTTP", URL ${url}
  Coding agent    claude mcp add --transport http todos ${url}
  curl            curl -i -X POST ${url}

Ctrl+C stops it.`;
}
