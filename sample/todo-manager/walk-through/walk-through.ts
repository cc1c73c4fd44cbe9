import { ALICES_TODO, FIRST_SCOPES, TODO_SCOPES, type Todo } from '../todos/todo.js';
import { USERS } from '../users.js';
import { tellDiscovery } from './discovery-steps.js';
import { tellLogin } from './login-steps.js';
import { tellRefusal } from './refusal-step.js';
import { McpSession } from './mcp-session.js';
import { expect, Narrator } from '../../walk-through/narrator.js';

/** Shows the steps of an MCP client that knows only the URL of the MCP endpoint. */
export async function walkThrough(endpoint: URL): Promise<void> {
  const narrator = new Narrator();
  const user = new McpSession(endpoint, USERS.user);
  const admin = new McpSession(endpoint, USERS.admin);
  try {
    await tellDiscovery(narrator, user, endpoint);
    await tellLogin(narrator, user, 'user', ['create:todos']);

    let created = ALICES_TODO;
    await narrator.step('user calls create-todo', async () => {
      const { text, isError } = await user.call('create-todo', { content: 'Buy milk' });
      expect(!isError && text.includes('"owner":"user"'), text);
      created = JSON.parse(text) as Todo;
      return [text];
    });
    await tellRefusal(narrator, user, 'user', ALICES_TODO);

    await admin.arrive();
    await tellLogin(narrator, admin, 'admin', FIRST_SCOPES);
    await tellRefusal(narrator, admin, 'admin', created);
    await tellLogin(narrator, admin, 'admin', TODO_SCOPES);
    // Alice's todo is not deleted, so that you can try a step-up with your own client.
    await narrator.step("admin calls delete-todo on user's todo: allowed", async () => {
      const { text, isError } = await admin.call('delete-todo', { id: created.id });
      expect(!isError && text.includes('"owner":"user"'), text);
      return [text];
    });
  } finally {
    await Promise.all([user.close(), admin.close()]);
  }
}
