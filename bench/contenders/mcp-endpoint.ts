import type { IncomingMessage, ServerResponse } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { Body, Controller, Post, Req, Res, type Type } from '@nestjs/common';
import { McpAuthModule, McpEndpoint, type McpEndpointOptions } from 'nestjs-mcp-auth';
import { app, RESOURCE, SCOPE, toolName, type McpGuard, type Setup } from './contender.js';

/** Returns the scope that a tool requires. The caller may call every second tool. */
const scopeOf = (tool: number) => (tool % 2 === 0 ? SCOPE : 'write:notes');

/** Creates a server with all tools. Each request gets its own, as in the examples of the SDK. */
function serverOf(tools: readonly number[]): McpServer {
  const server = new McpServer({ name: 'bench', version: '1.0.0' });
  for (const tool of tools) {
    server.registerTool(toolName(tool), { description: `Does what tool ${tool} does.` }, () => ({
      content: [{ type: 'text', text: 'done' }],
    }));
  }
  return server;
}

function decoratorOf(guard: McpGuard, tools: readonly number[]): MethodDecorator {
  const scopes = Object.fromEntries(tools.map((tool) => [toolName(tool), scopeOf(tool)]));
  const options: Record<McpGuard, McpEndpointOptions | undefined> = {
    none: undefined,
    guarded: undefined,
    'per tool': { tools: scopes },
    filtered: { tools: scopes, filterLists: true },
  };
  const chosen = options[guard];
  return chosen === undefined ? () => undefined : McpEndpoint(chosen);
}

function controllerOf(guard: McpGuard, tools: readonly number[]): Type {
  const answer = toNodeHandler(createMcpHandler(() => serverOf(tools)));

  @Controller('mcp')
  class McpController {
    @Post()
    @decoratorOf(guard, tools)
    handle(
      @Req() request: IncomingMessage,
      @Res() response: ServerResponse,
      @Body() body: unknown,
    ) {
      return answer(request, response, body);
    }
  }
  return McpController;
}

/** Creates an app with an MCP server at /mcp, built with version 2 of the MCP SDK. */
export function create({ issuer, keepTokensFor: ttl, mcp }: Setup) {
  if (mcp === undefined) {
    throw new Error('Give the contender "mcp-endpoint" a number of tools and a guard.');
  }
  const metadata = { resource: RESOURCE, authorizationServers: [issuer] };
  const tokenCache = ttl === undefined ? {} : { ttl };
  const module = McpAuthModule.forRoot({ protectedResources: { metadata }, tokenCache });
  return app({
    controllers: [controllerOf(mcp.guard, [...Array(mcp.tools).keys()])],
    imports: mcp.guard === 'none' ? [] : [module],
  });
}
