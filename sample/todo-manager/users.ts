import type { DevServerUser } from 'nestjs-mcp-auth/dev-server';
import { TODO_SCOPES } from './todos/todo.js';

/** The users who can sign in at the development authorization server, and the scopes of each. */
export const USERS = {
  admin: { username: 'admin', password: 'admin', scopes: TODO_SCOPES },
  user: { username: 'user', password: 'user', scopes: ['create:todos'] },
} satisfies Record<string, DevServerUser>;
