import { All, Body, Controller, Module, Req, Res, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import {
  AuthInfo,
  McpAuthModule,
  nodeRequest,
  nodeResponse,
  type ProtectedResourceOptions,
  type AdapterRequest,
  type AdapterResponse,
} from 'nestjs-mcp-auth';

export const SCOPES = ['read:things', 'write:things'];
const INFO = { name: 'whoami', version: '1.0.0' };

/** The callers that the tool saw: the `authInfo` of the SDK, and the injected caller. */
export interface Sighting {
  handler: Omit<AuthInfo, 'resource'> & { resource: string };
  injectedSubject: string;
}

async function sighting(authInfo: { token: string } | undefined, injected: AuthInfo) {
  await new Promise((resolve) => setImmediate(resolve));
  const text = JSON.stringify({
    handler: { ...authInfo, token: authInfo?.token },
    injectedSubject: injected.subject,
  });
  return { content: [{ type: 'text' as const, text }] };
}

/** An MCP server of the SDK's version 2. */
@Controller('mcp/v2')
class ServerV2Controller {
  private readonly answer = toNodeHandler(
    createMcpHandler(() => {
      const server = new McpServer(INFO);
      server.registerTool('whoami', {}, (ctx) => sighting(ctx.http?.authInfo, this.authInfo));
      return server;
    }),
  );

  constructor(private readonly authInfo: AuthInfo) {}

  @All()
  async handle(
    @Req() request: AdapterRequest,
    @Res() response: AdapterResponse,
    @Body() body: unknown,
  ) {
    await this.answer(nodeRequest(request), nodeResponse(response), body ?? undefined);
  }
}

/** An MCP server of the SDK's version 1, stateless. */
@Controller('mcp/v1')
class ServerV1Controller {
  constructor(private readonly authInfo: AuthInfo) {}

  @All()
  async handle(
    @Req() request: AdapterRequest,
    @Res() response: AdapterResponse,
    @Body() body: unknown,
  ) {
    const server = new McpServerV1(INFO);
    server.registerTool('whoami', {}, (extra) => sighting(extra.authInfo, this.authInfo));
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: undefined,
      enableJsonResponse: true,
    });
    await server.connect(transport);
    await transport.handleRequest(nodeRequest(request), nodeResponse(response), body ?? undefined);
  }
}

export const ADAPTERS = {
  Express: () => new ExpressAdapter(),
  Fastify: () => new FastifyAdapter({ forceCloseConnections: true }),
};

/** Starts an application with one protected resource, `…/mcp`. Below it are an MCP server of each SDK version. */
export async function startWhoamiApp(
  adapter: keyof typeof ADAPTERS,
  { port, resource, issuer }: { port: number; resource: string; issuer: string },
  more: Partial<ProtectedResourceOptions> = {},
): Promise<INestApplication> {
  @Module({
    imports: [
      McpAuthModule.forRoot({
        protectedResources: {
          metadata: { resource, authorizationServers: [issuer], scopesSupported: SCOPES },
          ...more,
        },
      }),
    ],
    controllers: [ServerV1Controller, ServerV2Controller],
  })
  class WhoamiModule {}

  const app = await NestFactory.create(WhoamiModule, ADAPTERS[adapter](), {
    logger: false,
    abortOnError: false,
    forceCloseConnections: true,
  });
  await app.listen(port, 'localhost');
  return app;
}
