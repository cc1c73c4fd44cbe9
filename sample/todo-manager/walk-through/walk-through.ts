import { FIRST_SCOPES, TODO_SCOPES } from '../todos/todo.js';
import { USERS } from '../users.js';
import { tellDiscovery } from './discovery-steps.js';
import { tellLogin } from './login-steps.js';
import { tellRefusal } from './refusal-step.js';
import { McpSession } from './mcp-session.js';
import { expect, Narrator } from '../../walk-through/narrator.js';

/** Follows an MCP client that knows nothing but the URL of the MCP endpoint. */
export async function walkThrough(endpoint: URL): Promise<void> {
  const narrator = new Narrator();
  const user = new McpSession(endpoint, USERS.user);
  const admin = new McpSession(endpoint, USERS.admin);
  try {
    await tellDiscovery(narrator, user, endpoint);
    await tellLogin(narrator, user, 'user', ['create:todos']);

    await narrator.step('user calls create-todo', async () => {
      const { text, isError } = await user.call('create-todo', { content: 'Buy milk' });
      expect(!isError && text.includes('"ownerId":"user"'), text);
      return [text];
    });
    await tellRefusal(narrator, user, 'user');

    await admin.arrive();
    await tellLogin(narrator, admin, 'admin', FIRST_SCOPES);
    await tellRefusal(narrator, admin, 'admin');
    await tellLogin(narrator, admin, 'admin', TODO_SCOPES);
    await narrator.step("admin calls delete-todo on alice's todo: allowed", async () => {
      const { text, isError } = await admin.call('delete-todo', { id: '1' });
      expect(!isError && text.includes('"ownerId":"alice"'), text);
      return [text];
    });
  } finally {
    await Promise.all([user.close(), admin.close()]);
  }
}
