import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { All, Body, Controller, Get, Req, Res } from '@nestjs/common';
import {
  AuthInfo,
  McpEndpoint,
  nodeRequest,
  nodeResponse,
  type AdapterRequest,
  type AdapterResponse,
} from 'nestjs-mcp-auth';

const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });

/**
 * An MCP server with two tools: one returns the caller, the other reports its progress and then waits. Beside the
 * server is a stream without the header `X-Accel-Buffering`, by which the SDK tells nginx not to buffer.
 */
@Controller()
export class McpController {
  /** Lets the waiting tool or stream continue. */
  release: () => void = () => undefined;

  private readonly answer = toNodeHandler(createMcpHandler(() => this.createServer()));

  constructor(private readonly authInfo: AuthInfo) {}

  @Get('events')
  async stream(@Res() response: AdapterResponse) {
    const node = nodeResponse(response);
    node.writeHead(200, { 'content-type': 'text/event-stream' });
    node.write('data: first\n\n');
    await this.released();
    node.end('data: last\n\n');
  }

  @All('mcp')
  @McpEndpoint()
  async handle(
    @Req() request: AdapterRequest,
    @Res() response: AdapterResponse,
    @Body() body: unknown,
  ) {
    await this.answer(nodeRequest(request), nodeResponse(response), body ?? undefined);
  }

  private async released(): Promise<void> {
    return new Promise((resolve) => (this.release = resolve));
  }

  private createServer(): McpServer {
    const server = new McpServer({ name: 'notes', version: '1.0.0' });
    server.registerTool('whoami', {}, () => text(String(this.authInfo.subject)));
    server.registerTool('watch', {}, async (ctx) => {
      const params = { progressToken: ctx.mcpReq._meta?.progressToken ?? '', progress: 1 };
      await ctx.mcpReq.notify({ method: 'notifications/progress', params });
      await this.released();
      return text('released');
    });
    return server;
  }
}
