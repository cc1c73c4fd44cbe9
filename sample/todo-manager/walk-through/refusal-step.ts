import type { Todo } from '../todos/todo.js';
import type { McpSession } from './mcp-session.js';
import { expect, type Narrator } from '../../walk-through/narrator.js';

/** Shows a call with a valid token that lacks a scope. The challenge names the missing scope. */
export async function tellRefusal(
  narrator: Narrator,
  session: McpSession,
  name: string,
  { id, owner }: Todo,
): Promise<void> {
  await narrator.step(`${name} calls delete-todo on ${owner}'s todo: rejected`, async () => {
    const challenge = await session.callForMore('delete-todo', { id });
    expect(challenge.includes('scope="delete:todos"'), `the challenge is ${challenge}`);
    expect(challenge.includes('resource_metadata='), `the challenge is ${challenge}`);
    return ['403 Forbidden', `WWW-Authenticate: ${challenge}`];
  });
}
