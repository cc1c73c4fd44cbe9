import { Body, Controller, Post, Req, Res, type Type } from '@nestjs/common';
import {
  McpEndpoint,
  nodeRequest,
  nodeResponse,
  type McpEndpointOptions,
  type AdapterRequest,
  type AdapterResponse,
} from 'nestjs-mcp-auth';
import { HANDLERS } from './todo-server.js';

/** Returns a controller with an MCP endpoint for one of the {@link HANDLERS}, as a user writes it. */
export function mcpController(path: string, name: string, options: McpEndpointOptions): Type {
  @Controller(path)
  class McpController {
    private readonly handler = HANDLERS[name]?.();

    @Post()
    @McpEndpoint(options)
    async handle(
      @Req() request: AdapterRequest,
      @Res() response: AdapterResponse,
      @Body() body: unknown,
    ) {
      await this.handler?.(nodeRequest(request), nodeResponse(response), body ?? undefined);
    }
  }
  return McpController;
}
