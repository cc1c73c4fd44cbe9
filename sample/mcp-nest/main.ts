// MCP-Nest with an external authorization server. To run it, from the root of the repository:
//
//   npm run build && npx tsc -p sample/tsconfig.json && node build/sample/mcp-nest/main.js
//
// Then connect a client to http://localhost:3005/mcp, for example
// `npx @modelcontextprotocol/inspector`, and sign in as admin or as user (the password is the name). The
// user may only create todos: a call that needs another scope is answered with a challenge.
// ISSUER=https://… uses your own authorization server, PORT=… another port, and ADAPTER=fastify Fastify.
import 'reflect-metadata';
import { startDevServer } from 'nestjs-mcp-auth/dev-server';
import { SCOPES } from './app.module.js';
import { createApp } from './create-app.js';

const { ISSUER, PORT = '3005', ADAPTER } = process.env;
const port = Number(PORT);
const resource = `http://localhost:${port}/mcp`;

const issuer = ISSUER ?? (await startDevelopmentServer());
const app = await createApp({ resource, issuer }, ADAPTER === 'fastify' ? 'fastify' : 'express');
await app.listen(port, 'localhost');
console.log(`Todos, served by MCP-Nest: ${resource}\nAuthorization server: ${issuer}`);

async function startDevelopmentServer(): Promise<string> {
  const server = await startDevServer({
    port: port + 1,
    resources: [{ resource, scopes: SCOPES }],
    users: [
      { username: 'admin', password: 'admin', scopes: SCOPES },
      { username: 'user', password: 'user', scopes: ['create:todos'] },
    ],
  });
  return server.issuer;
}
