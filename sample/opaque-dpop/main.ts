// Opaque access tokens that are bound to a key by DPoP. To run it, from the root of the repository:
//
//   npm run build && npx tsc -p sample/tsconfig.json && node build/sample/opaque-dpop/main.js --once
//
// It starts an API and an authorization server, and walks a client through them. Without --once they
// stay up. PORT and ADAPTER=fastify do what they say; the authorization server takes any free port.
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
  console.log(`Reports, for bound tokens only: ${resource}\nAuthorization server: ${issuer}`);

  const revoke = () =>
    app.get(TokenRevocations).revokeSubject({ issuer, subject: EXPORTER.client_id });
  await walkThrough({ resource, introspections, revoke });

  if (process.argv.includes('--once')) {
    await app.close();
    await close();
    process.exit();
  }
  console.log('\nThe servers stay up. Ctrl+C stops them.');
}

main().catch((error: unknown) => {
  console.error(`opaque-dpop: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
