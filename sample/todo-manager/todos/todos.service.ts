import { ForbiddenException, Injectable, NotFoundException } from '@nestjs/common';
import { AuthInfo } from 'nestjs-mcp-auth';
import { ALICES_TODO, type Todo, type TodoScope } from './todo.js';

/** Knows who is calling without being told, whether the call came over REST or as an MCP tool. */
@Injectable()
export class TodosService {
  private readonly todos = new Map<string, Todo>([[ALICES_TODO.id, ALICES_TODO]]);
  private last = 1;

  /** One service for every request: `authInfo` answers for the caller of the current one. */
  constructor(private readonly authInfo: AuthInfo) {}

  create(content: string): Todo {
    // Some clients send an id of digits alone as a number.
    const todo = { id: `todo-${++this.last}`, content, ownerId: this.caller };
    this.todos.set(todo.id, todo);
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
    return todo;
  }

  /** The scope that deleting a todo takes, if the caller needs one for it. */
  deletionScope(id: string): TodoScope | undefined {
    const todo = this.todos.get(id);
    return todo === undefined || this.owns(todo) ? undefined : 'delete:todos';
  }

  private get caller(): string {
    const { subject } = this.authInfo;
    if (subject === undefined) throw new ForbiddenException('The token names no user.');
    return subject;
  }

  private owns(todo: Todo): boolean {
    return todo.ownerId === this.caller;
  }

  private has(scope: TodoScope): boolean {
    return this.authInfo.scopes.includes(scope);
  }
}
