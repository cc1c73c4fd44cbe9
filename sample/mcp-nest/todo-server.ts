import { Payload } from '@nestjs/microservices';
import { McpController, Prompt, Resource, ResourceTemplate, Tool } from '@rekog/mcp-nest';
import { AuthInfo, RequireScopes } from 'nestjs-mcp-auth';
import { z } from 'zod';
import { TodoStore } from './todo-store.js';

/** The tools, resources and prompts that MCP-Nest serves. BearerAuthGuard checks their scopes. */
@McpController()
export class TodoServer {
  constructor(
    private readonly todos: TodoStore,
    private readonly authInfo: AuthInfo,
  ) {}

  @Tool({ name: 'whoami', description: 'Tell whom the access token represents.' })
  whoami() {
    const { subject, clientId, scopes } = this.authInfo;
    return { subject, clientId, scopes };
  }

  @Tool({
    name: 'create-todo',
    description: 'Create a todo.',
    parameters: z.object({ content: z.string().min(1) }),
  })
  @RequireScopes('create:todos')
  create(@Payload() { content }: { content: string }, @AuthInfo('principal') owner: string) {
    return this.todos.create(owner, content);
  }

  @Tool({
    name: 'delete-todo',
    description: 'Delete a todo.',
    parameters: z.object({ id: z.string() }),
  })
  @RequireScopes('read:todos', 'delete:todos')
  delete(@Payload() { id }: { id: string }) {
    return { deleted: this.todos.delete(id) };
  }

  @Resource({ uri: 'todo://list', name: 'todos', mimeType: 'application/json' })
  @RequireScopes('read:todos')
  list(@Payload() { uri }: { uri: string }) {
    return { contents: [{ uri, text: JSON.stringify(this.todos.all()) }] };
  }

  @ResourceTemplate({ uriTemplate: 'todo://items/{id}', name: 'todo' })
  @RequireScopes('read:todos')
  read(@Payload() { uri, id }: { uri: string; id: string }) {
    return { contents: [{ uri, text: JSON.stringify(this.todos.get(id) ?? null) }] };
  }

  @Prompt({ name: 'plan-the-day', description: 'Put the todos in order.' })
  @RequireScopes('read:todos')
  plan() {
    const text = `Put these todos in order: ${JSON.stringify(this.todos.all())}`;
    return { messages: [{ role: 'user' as const, content: { type: 'text' as const, text } }] };
  }
}
