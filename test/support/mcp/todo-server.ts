import type { IncomingMessage, ServerResponse } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  McpServer as McpServerV1,
  ResourceTemplate as ResourceTemplateV1,
} from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createMcpHandler, McpServer, ResourceTemplate } from '@modelcontextprotocol/server';
import { call } from './wire.js';

const INFO = { name: 'todos', version: '1.0.0' };
export const TOOLS = ['list-todos', 'create-todo', 'delete-todo', 'move-todo'];
const RESOURCES = { list: 'todo://list', secret: 'todo://secret' };
const TEMPLATES = { one: 'todo://{id}', note: 'todo://{id}/notes/{note}' };

/** The members that the servers of both SDKs have in common and that are used here. */
interface Registers {
  registerTool(name: string, config: object, handler: () => object): unknown;
  registerPrompt(name: string, config: object, handler: () => object): unknown;
  registerResource(name: string, uri: string, config: object, read: () => object): unknown;
}

function register(server: Registers, template: (uri: string) => unknown): void {
  for (const name of TOOLS) {
    server.registerTool(name, { description: name }, () => ({
      content: [{ type: 'text', text: `${name} ✓` }],
    }));
  }
  for (const name of ['review', 'plan']) {
    server.registerPrompt(name, {}, () => ({
      messages: [{ role: 'user', content: { type: 'text', text: name } }],
    }));
  }
  for (const [name, uri] of Object.entries(RESOURCES)) {
    server.registerResource(name, uri, {}, () => ({ contents: [{ uri, text: name }] }));
  }
  for (const [name, uri] of Object.entries(TEMPLATES)) {
    server.registerResource(name, template(uri) as string, {}, () => ({ contents: [] }));
  }
}

export function todoServerV1(): McpServerV1 {
  const server = new McpServerV1(INFO);
  register(
    server as unknown as Registers,
    (uri) => new ResourceTemplateV1(uri, { list: undefined }),
  );
  return server;
}

export function todoServerV2(): McpServer {
  const server = new McpServer(INFO);
  register(server as unknown as Registers, (uri) => new ResourceTemplate(uri, { list: undefined }));
  return server;
}

type NodeHandler = (request: IncomingMessage, response: ServerResponse, body: unknown) => unknown;

/** A stateless server of the SDK's version 1. */
function handlerV1(enableJsonResponse: boolean): NodeHandler {
  return async (request, response, body) => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: undefined,
      enableJsonResponse,
    });
    await todoServerV1().connect(transport);
    await transport.handleRequest(request, response, body);
  };
}

/** The servers of both SDK versions. Version 1 answers by JSON or by an event stream. */
export const HANDLERS: Record<string, () => NodeHandler> = {
  'SDK v1, JSON': () => handlerV1(true),
  'SDK v1, event stream': () => handlerV1(false),
  'SDK v2': () => toNodeHandler(createMcpHandler(todoServerV2)),
};

export const toolCall = (name: string) => call('tools/call', { name, arguments: {} });
