import { ForbiddenException, Injectable, NotFoundException } from '@nestjs/common';
import { AuthInfo } from 'nestjs-mcp-auth';
import { ALICES_TODO, type Todo, type TodoScope } from './todo.js';

/**
 * The todos. The injected `AuthInfo` is the caller, over REST and in MCP tools. So no argument has to pass the caller.
 */
@Injectable()
export class TodosService {
  private readonly todos = new Map<string, Todo>([[ALICES_TODO.id, ALICES_TODO]]);
  /** The principal of each todo's owner. At another authorization server the same subject is another person. */
  private readonly owners = new Map<string, string>();
  private last = 1;

  /** One service serves all requests. `authInfo` has the caller of the current request. */
  constructor(private readonly authInfo: AuthInfo) {}

  create(content: string): Todo {
    // Some clients send an id as a number if it has only digits. So the id has a prefix.
    const { subject, clientId, principal } = this.authInfo;
    const todo = { id: `todo-${++this.last}`, content, owner: subject ?? clientId };
    this.todos.set(todo.id, todo);
    this.owners.set(todo.id, principal);
    return todo;
  }

  /** Returns the caller's own todos, or all todos with the scope `read:todos`. */
  list(): Todo[] {
    return [...this.todos.values()].filter((todo) => this.owns(todo) || this.has('read:todos'));
  }

  /** Deletes one of the caller's own todos, or any todo with the scope `delete:todos`. */
  delete(id: string): Todo {
    const todo = this.todos.get(id);
    if (!todo) throw new NotFoundException(`There is no todo ${id}.`);
    if (this.deletionScope(id) !== undefined && !this.has('delete:todos')) {
      throw new ForbiddenException(
        "To delete another user's todo, you need the scope delete:todos.",
      );
    }
    this.todos.delete(id);
    this.owners.delete(id);
    return todo;
  }

  /** Returns the scope that the caller needs to delete a todo, or `undefined` if no scope is needed. */
  deletionScope(id: string): TodoScope | undefined {
    const todo = this.todos.get(id);
    return todo === undefined || this.owns(todo) ? undefined : 'delete:todos';
  }

  private owns({ id }: Todo): boolean {
    return this.owners.get(id) === this.authInfo.principal;
  }

  private has(scope: TodoScope): boolean {
    return this.authInfo.scopes.includes(scope);
  }
}
