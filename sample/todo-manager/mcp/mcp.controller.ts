import { All, Body, Controller, Req, Res, type OnModuleDestroy } from '@nestjs/common';
import {
  McpEndpoint,
  nodeRequest,
  nodeResponse,
  type AdapterRequest,
  type AdapterResponse,
} from 'nestjs-mcp-auth';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { TodoTools } from './todo-tools.js';

/**
 * The MCP endpoint. A request without a valid token is answered by the library with the challenge that
 * tells an MCP client where to log in; one that calls a tool without its scope, with the challenge that
 * tells which scope to ask for.
 */
@Controller('mcp')
export class McpController implements OnModuleDestroy {
  private readonly handler;
  private readonly answer;

  constructor(tools: TodoTools) {
    this.handler = createMcpHandler(() => tools.createServer());
    this.answer = toNodeHandler(this.handler);
  }

  @All()
  @McpEndpoint({ tools: { 'create-todo': 'create:todos' } })
  async handle(
    @Req() request: AdapterRequest,
    @Res() response: AdapterResponse,
    @Body() body: unknown,
  ): Promise<void> {
    // Nest has read the body already, so it is handed over parsed.
    await this.answer(nodeRequest(request), nodeResponse(response), body ?? undefined);
  }

  async onModuleDestroy(): Promise<void> {
    await this.handler.close();
  }
}
