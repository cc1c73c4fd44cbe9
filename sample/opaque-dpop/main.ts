// Opaque access tokens that are bound to a key by DPoP. To run it, from the root of the repository:
//
//   npm run build && npx tsc -p sample/tsconfig.json && node build/sample/opaque-dpop/main.js --once
//
// It starts an API and an authorization server, and shows the requests of a client step by step. Without --once, both
// servers keep running. PORT=… sets the port of the API, and ADAPTER=fastify uses Fastify. The authorization server
// uses any free port.
import 'reflect-metadata';
import { TokenRevocations } from 'nestjs-mcp-auth';
import { startAuthorizationServer } from './authorization-server.js';
import { EXPORTER } from './clients.js';
import { createApp } from './create-app.js';
import { walkThrough } from './walk-through.js';

async function main(): Promise<void> {
  const { PORT = '3007', ADAPTER } = process.env;
  const resource = `http://localhost:${PORT}/reports`;
  const { issuer, introspections, close } = await startAuthorizationServer(resource);
  const app = await createApp({ resource, issuer }, ADAPTER === 'fastify' ? 'fastify' : 'express');
  await app.listen(PORT, 'localhost');
  console.log(
    `Reports, only for tokens that are bound to a key: ${resource}\nAuthorization server: ${issuer}`,
  );

  const revoke = () =>
    app.get(TokenRevocations).revokeSubject({ issuer, subject: EXPORTER.client_id });
  await walkThrough({ resource, introspections, revoke });

  if (process.argv.includes('--once')) {
    await app.close();
    await close();
    process.exit();
  }
  console.log('\nThe servers keep running. Ctrl+C stops them.');
}

main().catch((error: unknown) => {
  console.error(`opaque-dpop: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
