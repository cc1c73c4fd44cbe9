import { Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { McpAuthModule, type McpEndpointOptions } from 'nestjs-mcp-auth';
import type { Issuer } from '../support/issuer.js';
import { everythingController } from './endpoint.js';

export const ADAPTERS = {
  Express: () => new ExpressAdapter(),
  Fastify: () => new FastifyAdapter({ forceCloseConnections: true }),
};
export type Adapter = keyof typeof ADAPTERS;

/** The ways to protect the server. A client with the right token must see no difference between them. */
export const PROTECTIONS = ['bare', 'guarded', 'guarded, filterLists'] as const;
export type Protection = (typeof PROTECTIONS)[number];

const RESOURCE = 'http://localhost:3000/mcp';
const SCOPES = ['tools', 'prompts', 'resources'];

/** Every kind of operation needs a scope, so that the guard checks every operation. The token has all scopes. */
const ENDPOINT: McpEndpointOptions = {
  tools: { test_simple_text: 'tools', test_tool_with_progress: { anyOf: ['admin', 'tools'] } },
  prompts: { test_simple_prompt: 'prompts' },
  resources: { 'test://static-text': 'resources', 'test://template/{id}/data': 'resources' },
  methods: { 'tools/list': 'tools' },
};

export function tokenOf(issuer: Issuer): Promise<string> {
  return issuer.mint({ audience: RESOURCE, claims: { scope: SCOPES.join(' ') } });
}

export async function startApplication(
  adapter: Adapter,
  protection: Protection,
  issuer: Issuer,
): Promise<INestApplication> {
  const isBare = protection === 'bare';
  const filterLists = protection === 'guarded, filterLists';
  @Module({
    imports: isBare ? [] : [guardedBy(issuer)],
    controllers: [everythingController(isBare ? undefined : { ...ENDPOINT, filterLists })],
  })
  class EverythingModule {}

  const app = await NestFactory.create(EverythingModule, ADAPTERS[adapter](), {
    logger: ['error', 'warn'],
    abortOnError: false,
    forceCloseConnections: true,
  });
  await app.listen(0, '127.0.0.1');
  return app;
}

function guardedBy(issuer: Issuer) {
  return McpAuthModule.forRoot({
    protectedResources: {
      metadata: { resource: RESOURCE, authorizationServers: [issuer.url], scopesSupported: SCOPES },
    },
  });
}
