import { Injectable } from '@nestjs/common';
import { McpServer } from '@modelcontextprotocol/server';
import { AuthInfo, toScopeChallenge } from 'nestjs-mcp-auth';
import { z } from 'zod';
import { TodosService } from '../todos/todos.service.js';

/** The todos as MCP tools. If a tool throws an error, the client gets a tool error. */
@Injectable()
export class TodoTools {
  constructor(
    private readonly todos: TodosService,
    private readonly authInfo: AuthInfo,
  ) {}

  createServer(): McpServer {
    const server = new McpServer({ name: 'todo-manager', version: '1.0.0' });
    server.registerTool(
      'create-todo',
      {
        description: 'Create a todo (scope create:todos).',
        inputSchema: z.object({ content: z.string().min(1) }),
      },
      ({ content }) => result(this.todos.create(content)),
    );
    server.registerTool(
      'get-todos',
      { description: 'List your todos, or all todos with the scope read:todos.' },
      () => result(this.todos.list()),
    );
    server.registerTool(
      'delete-todo',
      {
        description: 'Delete one of your todos, or any todo with the scope delete:todos.',
        inputSchema: z.object({ id: z.string() }),
        // Only the service knows the owner of a todo. So the scope is required here, not at the endpoint.
        scopeChallenge: toScopeChallenge(({ arguments: { id } }) =>
          this.todos.deletionScope(String(id)),
        ),
      },
      ({ id }) => result(this.todos.delete(id)),
    );
    server.registerTool(
      'whoami',
      { description: 'Tell whom the access token represents and what it allows.' },
      () => {
        const { issuer, subject, clientId, scopes } = this.authInfo;
        return result({ issuer, subject, clientId, scopes });
      },
    );
    return server;
  }
}

function result(value: unknown) {
  return { content: [{ type: 'text' as const, text: JSON.stringify(value) }] };
}
