export interface Todo {
  id: string;
  content: string;
  /** The name of the owner, for people to read. The service uses the principal to decide who owns it. */
  owner: string;
}

/** A todo that exists from the start. No user can sign in as Alice, so to delete it, a client needs a step-up. */
export const ALICES_TODO: Todo = { id: 'todo-1', content: 'Water the plants', owner: 'alice' };

/** The scopes of the API. Without any, callers can still use their own todos. */
export const TODO_SCOPES = ['create:todos', 'read:todos', 'delete:todos'] as const;

/**
 * The scopes that a client asks for at first. It asks for others when an operation needs them: a step-up.
 */
export const FIRST_SCOPES: readonly TodoScope[] = ['create:todos', 'read:todos'];

export type TodoScope = (typeof TODO_SCOPES)[number];
