import { Injectable } from '@nestjs/common';

export interface Todo {
  id: string;
  owner: string;
  content: string;
}

@Injectable()
export class TodoStore {
  private readonly todos = new Map<string, Todo>();
  private last = 0;

  create(owner: string, content: string): Todo {
    // Some clients send an id as a number if it has only digits. So the id has a prefix.
    const todo = { id: `todo-${++this.last}`, owner, content };
    this.todos.set(todo.id, todo);
    return todo;
  }

  delete(id: string): boolean {
    return this.todos.delete(id);
  }

  get(id: string): Todo | undefined {
    return this.todos.get(id);
  }

  all(): Todo[] {
    return [...this.todos.values()];
  }
}
