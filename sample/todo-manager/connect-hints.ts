/** How to go on with a client of one's own. */
export function connectHints(endpoint: URL): string {
  const url = endpoint.href;
  return `
The server stays up. Sign in as admin (password admin) or user (password user).

  MCP Inspector   npx @modelcontextprotocol/inspector
                  transport "Streamable HTTP", URL ${url}
  Coding agent    claude mcp add --transport http todos ${url}
  curl            curl -i -X POST ${url}

Ctrl+C stops it.`;
}
