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
 * The MCP endpoint. The library answers a request without a valid token with a challenge, which tells the MCP client
 * where to log in. If a request calls a tool without the scope of the tool, the challenge names the scope that the
 * client should request.
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
    // Nest has already read the body, so the parsed body is passed.
    await this.answer(nodeRequest(request), nodeResponse(response), body ?? undefined);
  }

  async onModuleDestroy(): Promise<void> {
    await this.handler.close();
  }
}
