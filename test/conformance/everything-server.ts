/* eslint-disable @typescript-eslint/no-deprecated -- the suite asks for what earlier revisions of MCP have, too */
import {
  fromJsonSchema,
  McpServer,
  ResourceTemplate,
  type ServerNotifier,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { registerInputTools } from './input-tools.js';
import { states } from './request-states.js';

const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const WAV = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=';

const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });
const image = { type: 'image' as const, data: PNG, mimeType: 'image/png' };
const embedded = (uri: string, mimeType: string, value: string) => ({
  type: 'resource' as const,
  resource: { uri, mimeType, text: value },
});
const described = { description: 'A prompt.' };
const message = <Content>(content: Content) => ({ role: 'user' as const, content });

/**
 * Returns a server with everything that the scenarios of the conformance suite need. The names come from the suite.
 *
 * @param notifier - returns the object that notifies subscribers of changes, since MCP 2026-07-28
 */
export function createEverythingServer(notifier: () => ServerNotifier): McpServer {
  const server = new McpServer(
    { name: 'everything', version: '1.0.0' },
    {
      capabilities: {
        logging: {},
        completions: {},
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { subscribe: true },
      },
      requestState: { verify: (state, ctx) => states.verify(state, ctx) },
      cacheHints: {
        'tools/list': { ttlMs: 60_000, cacheScope: 'public' },
        'prompts/list': { ttlMs: 60_000, cacheScope: 'public' },
        'resources/list': { ttlMs: 60_000, cacheScope: 'public' },
        'resources/templates/list': { ttlMs: 60_000, cacheScope: 'public' },
        'resources/read': { ttlMs: 60_000, cacheScope: 'private' },
      },
    },
  );
  registerContentTools(server);
  registerSchemaTools(server);
  registerNotifyingTools(server, notifier);
  registerInputTools(server);
  registerResources(server);
  registerPrompts(server);
  server.server.setRequestHandler('completion/complete', () => ({
    completion: { values: [], total: 0, hasMore: false },
  }));
  return server;
}

function registerContentTools(server: McpServer): void {
  server.registerTool('test_simple_text', { description: 'Text.' }, () =>
    text('This is a simple text response for testing.'),
  );
  server.registerTool('test_image_content', { description: 'An image.' }, () => ({
    content: [image],
  }));
  server.registerTool('test_audio_content', { description: 'Audio.' }, () => ({
    content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }],
  }));
  server.registerTool('test_embedded_resource', { description: 'A resource.' }, () => ({
    content: [embedded('test://embedded-resource', 'text/plain', 'An embedded resource.')],
  }));
  server.registerTool('test_multiple_content_types', { description: 'All of them.' }, () => ({
    content: [
      { type: 'text', text: 'Multiple content types test:' },
      image,
      embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ],
  }));
  server.registerTool('test_error_handling', { description: 'Fails.' }, () => {
    throw new Error('This tool intentionally returns an error for testing');
  });
}

/** Registers tools whose schema must reach the client unchanged. */
function registerSchemaTools(server: McpServer): void {
  server.registerTool(
    'json_schema_2020_12_tool',
    { description: 'A rich schema.', inputSchema: fromJsonSchema(JSON_SCHEMA_2020_12) },
    () => text('Called.'),
  );
  server.registerTool(
    'test_x_mcp_header',
    {
      description: 'An argument that is sent in a header too.',
      inputSchema: fromJsonSchema<{ region: string }>(WITH_HEADER),
    },
    ({ region }) => text(region),
  );
}

const WITH_HEADER = {
  type: 'object' as const,
  properties: { region: { type: 'string', 'x-mcp-header': 'Region' } },
  required: ['region'],
};

const JSON_SCHEMA_2020_12 = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object' as const,
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

function registerNotifyingTools(server: McpServer, notifier: () => ServerNotifier): void {
  server.registerTool('test_tool_with_logging', { description: 'Logs.' }, async (ctx) => {
    for (const step of ['started', 'processing data', 'completed']) {
      await ctx.mcpReq.log('info', `Tool execution ${step}`);
    }
    return text('Tool with logging executed successfully');
  });
  server.registerTool('test_logging_tool', { description: 'Logs once.' }, async (ctx) => {
    await ctx.mcpReq.log('info', 'Logged.');
    return text('Logged.');
  });
  for (const name of ['test_tool_with_progress', 'test_streaming_elicitation']) {
    server.registerTool(name, { description: 'Tells its progress.' }, async (ctx) => {
      const progressToken = ctx.mcpReq._meta?.progressToken;
      for (const progress of progressToken === undefined ? [] : [0, 50, 100]) {
        const params = { progressToken, progress, total: 100 };
        await ctx.mcpReq.notify({ method: 'notifications/progress', params });
      }
      return text(String(progressToken));
    });
  }
  server.registerTool('test_trigger_tool_change', { description: 'A change.' }, () => {
    notifier().toolsChanged();
    return text('Told.');
  });
  server.registerTool('test_trigger_prompt_change', { description: 'A change.' }, () => {
    notifier().promptsChanged();
    return text('Told.');
  });
}

function registerResources(server: McpServer): void {
  const plain = { mimeType: 'text/plain' };
  for (const name of ['static-text', 'watched-resource']) {
    const uri = `test://${name}`;
    server.registerResource(name, uri, plain, () => ({
      contents: [{ uri, ...plain, text: `This is the content of ${name}.` }],
    }));
  }
  server.registerResource('static-binary', 'test://static-binary', {}, () => ({
    contents: [{ uri: 'test://static-binary', mimeType: 'image/png', blob: PNG }],
  }));
  server.registerResource(
    'template',
    new ResourceTemplate('test://template/{id}/data', { list: undefined }),
    {},
    (uri, { id }) => ({
      contents: [{ uri: uri.href, mimeType: 'application/json', text: JSON.stringify({ id }) }],
    }),
  );
  server.server.setRequestHandler('resources/subscribe', () => ({}));
  server.server.setRequestHandler('resources/unsubscribe', () => ({}));
}

function registerPrompts(server: McpServer): void {
  server.registerPrompt('test_simple_prompt', described, () => ({
    messages: [message({ type: 'text' as const, text: 'This is a simple prompt for testing.' })],
  }));
  server.registerPrompt(
    'test_prompt_with_arguments',
    { ...described, argsSchema: z.object({ arg1: z.string(), arg2: z.string() }) },
    ({ arg1, arg2 }) => ({
      messages: [message({ type: 'text' as const, text: `arg1='${arg1}', arg2='${arg2}'` })],
    }),
  );
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { ...described, argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri }) => ({
      messages: [
        message(embedded(resourceUri, 'text/plain', 'Embedded resource content for testing.')),
        message({ type: 'text' as const, text: 'Please process the embedded resource above.' }),
      ],
    }),
  );
  server.registerPrompt('test_prompt_with_image', described, () => ({
    messages: [message(image), message({ type: 'text' as const, text: 'Please analyze it.' })],
  }));
}
