import { USERS } from './users.js';

/** Returns a text that says how to connect your own client. */
export function connectHints(endpoint: URL, hasOwnUsers: boolean): string {
  const url = endpoint.href;
  const people = Object.values(USERS).map(
    ({ username, password }) => `${username} (password ${password})`,
  );
  return `
The server keeps running. ${hasOwnUsers ? `Sign in as ${people.join(' or ')}.` : ''}

  A page          open ${new URL('/', endpoint).href} in a browser
  MCP Inspector   npx @modelcontextprotocol/inspector
                  transport "Streamable HTTP", URL ${url}
  Coding agent    claude mcp add --transport http todos ${url}
  curl            curl -i -X POST ${url}

Ctrl+C stops the server.`;
}
