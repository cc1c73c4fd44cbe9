import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { Body, Controller, Post, Req, Res } from '@nestjs/common';
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
  @Post()
  @McpEndpoint({ tools: { 'delete-notes': 'write:notes' } })
  async handle(
    @Req() request: AdapterRequest,
    @Res() response: AdapterResponse,
    @Body() body: unknown,
  ): Promise<void> {
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    await createServer().connect(transport);
    await transport.handleRequest(nodeRequest(request), nodeResponse(response), body);
  }
}
