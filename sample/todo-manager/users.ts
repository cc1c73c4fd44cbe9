import type { User } from '../authorization-server/options.js';
import { TODO_SCOPES } from './todos/todo.js';

/** Who can sign in at the development authorization server, and what each may do. */
export const USERS = {
  admin: { username: 'admin', password: 'admin', scopes: TODO_SCOPES },
  user: { username: 'user', password: 'user', scopes: ['create:todos'] },
} satisfies Record<string, User>;
