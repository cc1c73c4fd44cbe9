export interface Todo {
  id: string;
  content: string;
  /** The name of the owner, for people to read. The service uses the principal to decide who owns the todo. */
  owner: string;
}

/** A todo that exists from the start. No user can sign in as Alice, so a client needs a step-up to delete this todo. */
export const ALICES_TODO: Todo = { id: 'todo-1', content: 'Water the plants', owner: 'alice' };

/** The scopes of the API. Without any scope, callers can still list and delete their own todos. */
export const TODO_SCOPES = ['create:todos', 'read:todos', 'delete:todos'] as const;

/** The scopes that a client requests at first. It requests other scopes when an operation needs them: a step-up. */
export const FIRST_SCOPES: readonly TodoScope[] = ['create:todos', 'read:todos'];

export type TodoScope = (typeof TODO_SCOPES)[number];
