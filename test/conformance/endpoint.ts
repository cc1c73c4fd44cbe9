import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  NodeStreamableHTTPServerTransport,
  toNodeHandler,
  toWebRequest,
} from '@modelcontextprotocol/node';
import {
  createMcpHandler,
  isLegacyRequest,
  localhostAllowedHostnames,
  validateHostHeader,
} from '@modelcontextprotocol/server';
import { All, applyDecorators, Body, Controller, Req, Res, type Type } from '@nestjs/common';
import {
  McpEndpoint,
  nodeRequest,
  nodeResponse,
  type McpEndpointOptions,
  type AdapterRequest,
  type AdapterResponse,
} from 'nestjs-mcp-auth';
import { createEverythingServer } from './everything-server.js';

/** Serves MCP 2026-07-28 without sessions, and the earlier revisions with them. */
class EverythingEndpoint {
  private readonly sessions = new Map<string, NodeStreamableHTTPServerTransport>();
  private readonly handler = createMcpHandler(() => this.createServer());
  private readonly modern = toNodeHandler(this.handler);

  async answer(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
    if (!validateHostHeader(request.headers.host, localhostAllowedHostnames()).ok) {
      response.writeHead(403).end();
      return;
    }
    if (await isLegacyRequest(await toWebRequest(request, body), body)) {
      await this.inSession(request, response, body);
    } else {
      await this.modern(request, response, body);
    }
  }

  private async inSession(
    request: IncomingMessage,
    response: ServerResponse,
    body: unknown,
  ): Promise<void> {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? this.sessions.get(id) : undefined;
    if (id !== undefined && known === undefined) {
      const error = { code: -32001, message: 'Session not found' };
      response.writeHead(404).end(JSON.stringify({ jsonrpc: '2.0', error, id: null }));
      return;
    }
    await (known ?? (await this.open())).handleRequest(request, response, body);
  }

  private async open(): Promise<NodeStreamableHTTPServerTransport> {
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void this.sessions.set(id, transport),
      onsessionclosed: (id) => void this.sessions.delete(id),
    });
    await this.createServer().connect(transport);
    return transport;
  }

  private createServer() {
    return createEverythingServer(() => this.handler.notify);
  }
}

/**
 * Returns the controller of the endpoint. Without options, it has no decorator of this library, because these
 * decorators stop the start of an application without the module.
 */
export function everythingController(options: McpEndpointOptions | undefined): Type {
  @Controller('mcp')
  class EverythingController {
    private readonly endpoint = new EverythingEndpoint();

    @All()
    @(options === undefined ? applyDecorators() : McpEndpoint(options))
    async handle(
      @Req() request: AdapterRequest,
      @Res() response: AdapterResponse,
      @Body() body: unknown,
    ): Promise<void> {
      await this.endpoint.answer(nodeRequest(request), nodeResponse(response), body ?? undefined);
    }
  }
  return EverythingController;
}
