import type { INestApplication, ModuleMetadata } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { McpAuthModule, TokenVerifier, type VerifiedToken } from 'nestjs-mcp-auth';
import type { AdapterName } from '../../support/app.js';

/** The module with the resource and the authorization server that the pages name. */
const NOTES_SERVER = McpAuthModule.forRoot({
  protectedResources: {
    metadata: {
      resource: 'https://api.example.com/mcp',
      authorizationServers: ['https://auth.example.com'],
    },
  },
});

const running: INestApplication[] = [];

/**
 * Starts an application with an example in it, and returns its URL. Tokens are verified by a double, as
 * docs/testing.md describes it.
 */
export async function serve(
  adapter: AdapterName,
  { imports = [NOTES_SERVER], ...metadata }: ModuleMetadata,
): Promise<string> {
  const module = await Test.createTestingModule({ imports, ...metadata })
    .overrideProvider(TokenVerifier)
    .useValue({ verify: readToken })
    .compile();
  const app =
    adapter === 'fastify'
      ? module.createNestApplication(new FastifyAdapter(), { logger: false })
      : module.createNestApplication({ logger: false });
  running.push(app);
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}

/** Closes what {@link serve} started. */
export async function stop(): Promise<void> {
  await Promise.all(running.splice(0).map((app) => app.close()));
}

/** Makes a token that {@link serve} accepts. */
export function tokenOf(subject: string, ...scopes: string[]): string {
  const verified: VerifiedToken = {
    issuer: 'https://auth.example.com',
    subject,
    clientId: 'test',
    scopes,
  };
  return Buffer.from(JSON.stringify(verified)).toString('base64url');
}

function readToken(token: string): VerifiedToken {
  return JSON.parse(Buffer.from(token, 'base64url').toString()) as VerifiedToken;
}
