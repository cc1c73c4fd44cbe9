import { ForbiddenException, Injectable, NotFoundException } from '@nestjs/common';
import { AuthInfo } from 'nestjs-mcp-auth';
import { ALICES_TODO, type Todo, type TodoScope } from './todo.js';

/** Knows who is calling without being told, whether the call came over REST or as an MCP tool. */
@Injectable()
export class TodosService {
  private readonly todos = new Map<string, Todo>([[ALICES_TODO.id, ALICES_TODO]]);
  /** The principals that own them. A subject alone is another person's at another authorization server. */
  private readonly owners = new Map<string, string>();
  private last = 1;

  /** One service for every request: `authInfo` answers for the caller of the current one. */
  constructor(private readonly authInfo: AuthInfo) {}

  create(content: string): Todo {
    // Some clients send an id of digits alone as a number.
    const { subject, clientId, principal } = this.authInfo;
    const todo = { id: `todo-${++this.last}`, content, owner: subject ?? clientId };
    this.todos.set(todo.id, todo);
    this.owners.set(todo.id, principal);
    return todo;
  }

  /** Everybody sees their own todos; `read:todos` shows everybody's. */
  list(): Todo[] {
    return [...this.todos.values()].filter((todo) => this.owns(todo) || this.has('read:todos'));
  }

  /** Everybody deletes their own todos; `delete:todos` deletes anybody's. */
  delete(id: string): Todo {
    const todo = this.todos.get(id);
    if (!todo) throw new NotFoundException(`There is no todo ${id}.`);
    if (this.deletionScope(id) !== undefined && !this.has('delete:todos')) {
      throw new ForbiddenException("Deleting somebody else's todo takes the scope delete:todos.");
    }
    this.todos.delete(id);
    this.owners.delete(id);
    return todo;
  }

  /** The scope that deleting a todo takes, if the caller needs one for it. */
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
