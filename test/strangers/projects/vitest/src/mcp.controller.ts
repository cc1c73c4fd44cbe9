import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { All, Body, Controller, Req, Res } from '@nestjs/common';
import {
  McpEndpoint,
  nodeRequest,
  nodeResponse,
  type AdapterRequest,
  type AdapterResponse,
} from 'nestjs-mcp-auth';

function createServer(): McpServer {
  const server = new McpServer({ name: 'notes', version: '1.0.0' });
  server.registerTool('list-notes', { description: 'Lists the notes.' }, () => ({
    content: [{ type: 'text', text: 'no notes' }],
  }));
  server.registerTool('delete-notes', { description: 'Deletes all notes.' }, () => ({
    content: [{ type: 'text', text: 'deleted' }],
  }));
  return server;
}

@Controller('mcp')
export class McpController {
  private readonly answer = toNodeHandler(createMcpHandler(createServer));

  @All()
  @McpEndpoint({ tools: { 'delete-notes': 'write:notes' } })
  async handle(
    @Req() request: AdapterRequest,
    @Res() response: AdapterResponse,
    @Body() body: unknown,
  ): Promise<void> {
    await this.answer(nodeRequest(request), nodeResponse(response), body ?? undefined);
  }
}
