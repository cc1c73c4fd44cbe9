import {
  Controller,
  type ModuleMetadata,
  type NestHybridApplicationOptions,
  type Type,
} from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import {
  MCP_HTTP_HANDLER,
  McpContext,
  McpController,
  McpStrategy,
  Prompt,
  Resource as McpResource,
  ResourceTemplate,
  StreamableHttpController,
  StreamableHttpTransport,
  Tool,
  ToolScopes,
  type StreamableHttpTransportOptions,
} from '@rekog/mcp-nest';
import { AuthInfo, RequireScopes, type McpOperation } from 'nestjs-mcp-auth';
import { z } from 'zod';
import { createApp, type AppOptions, type RunningApp } from './app.js';

const text = (value: unknown) => ({
  content: [
    { type: 'text' as const, text: typeof value === 'string' ? value : JSON.stringify(value) },
  ],
});

/** The names that methods recorded when they ran. A rejected call must not add a name. */
export const ran: string[] = [];

const id = z.object({ id: z.string() });

/** A server with tools, prompts and resources of MCP-Nest, without and with scopes of this library. */
@McpController()
export class TodoServer {
  constructor(private readonly authInfo: AuthInfo) {}

  @Tool({ description: 'Who is calling' })
  whoami(@AuthInfo('subject') subject: string) {
    return text({ subject, injected: this.authInfo.subject, scopes: this.authInfo.scopes });
  }

  @Tool({ name: 'create-todo', description: 'Create a todo' })
  @RequireScopes('read:todos', 'create:todos')
  create() {
    ran.push('create-todo');
    return text('created');
  }

  @RequireScopes({ anyOf: ['admin', 'delete:todos'] })
  @Tool({ name: 'delete-todo', description: 'Delete a todo', parameters: id })
  delete(@Payload() args: { id: string }) {
    ran.push('delete-todo');
    return text(`deleted ${args.id}`);
  }

  @Tool({
    name: 'move-todo',
    description: 'Move a todo',
    parameters: z.object({ to: z.string() }),
  })
  @RequireScopes<McpOperation>('read:todos', (call) =>
    call.arguments.to === 'trash' ? 'delete:todos' : undefined,
  )
  move(@Payload() { to }: { to: string }) {
    return text(`moved to ${to}`);
  }

  @Tool({ name: 'theirs', description: "Guarded by MCP-Nest's own decorator" })
  @ToolScopes(['read:todos'])
  theirs(@Ctx() context: McpContext) {
    const { user } = context.getRawRequest<{ user: object }>() ?? {};
    return text({ user });
  }

  @Prompt({ name: 'review', description: 'Review' })
  @RequireScopes('read:todos')
  review() {
    return {
      messages: [{ role: 'user' as const, content: { type: 'text' as const, text: 'Go' } }],
    };
  }

  @McpResource({ uri: 'todo://list', name: 'list' })
  @RequireScopes('read:todos')
  list(@Payload() { uri }: { uri: string }) {
    ran.push('list');
    return { contents: [{ uri, text: 'all' }] };
  }

  @ResourceTemplate({ uriTemplate: 'todo://items/{id}', name: 'item' })
  @RequireScopes('read:items')
  item(@Payload() { uri }: { uri: string }) {
    ran.push('item');
    return { contents: [{ uri, text: 'one' }] };
  }
}

@Controller('mcp')
export class TodoEndpoint extends StreamableHttpController {}

export interface McpNestOptions extends Omit<AppOptions, keyof ModuleMetadata> {
  controllers?: Type[];
  transport?: StreamableHttpTransport | StreamableHttpTransportOptions;
  /** `false` to let the transport mount its own route. By default, a controller has the route, as the guard needs. */
  claimed?: boolean;
  hybrid?: NestHybridApplicationOptions;
}

/** Starts an application with one server of MCP-Nest, connected as in the documentation of MCP-Nest. */
export async function startMcpNest({
  controllers = [TodoServer, TodoEndpoint],
  transport: given,
  claimed = true,
  hybrid,
  ...app
}: McpNestOptions): Promise<RunningApp> {
  const transport =
    given instanceof StreamableHttpTransport ? given : new StreamableHttpTransport(given);
  const strategy = new McpStrategy({
    name: 'todos',
    version: '1.0.0',
    transports: [transport],
    logging: false,
  });
  const created = await createApp({
    ...app,
    controllers,
    providers: claimed ? [{ provide: MCP_HTTP_HANDLER, useValue: transport.httpHandlers }] : [],
  });
  strategy.setHttpAdapter(created.getHttpAdapter());
  created.connectMicroservice({ strategy }, hybrid);
  await created.startAllMicroservices();
  await created.listen(0, '127.0.0.1');
  return { app: created, url: (await created.getUrl()).replace('127.0.0.1', 'localhost') };
}
