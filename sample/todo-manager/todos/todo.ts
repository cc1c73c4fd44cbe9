export interface Todo {
  id: string;
  content: string;
  /** Whose it is, for people to read. Who owns it is decided by the principal, which the service has. */
  owner: string;
}

/** What is there from the start: nobody can sign in as Alice, so deleting it takes a step-up. */
export const ALICES_TODO: Todo = { id: 'todo-1', content: 'Water the plants', owner: 'alice' };

/** What a token may allow, beyond what everybody may do with todos of their own. */
export const TODO_SCOPES = ['create:todos', 'read:todos', 'delete:todos'] as const;

/**
 * What a client asks for at first. The rest it asks for when an operation needs it: a step-up.
 */
export const FIRST_SCOPES: readonly TodoScope[] = ['create:todos', 'read:todos'];

export type TodoScope = (typeof TODO_SCOPES)[number];
