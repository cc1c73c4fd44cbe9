import { All, Body, Controller, Req, Res, type OnModuleDestroy } from '@nestjs/common';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import {
  nodeRequest,
  nodeResponse,
  type AdapterRequest,
  type AdapterResponse,
} from './node-exchange.js';
import { TodoTools } from './todo-tools.js';

/**
 * The MCP endpoint. Protecting it takes nothing: a request without a valid token is answered by
 * the library with the challenge that tells an MCP client where to log in.
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
