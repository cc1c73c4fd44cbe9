import { startDevServer } from 'nestjs-mcp-auth/dev-server';
import { TODO_SCOPES } from '../../sample/todo-manager/todos/todo.js';
import { USERS } from '../../sample/todo-manager/users.js';
import { Browser } from '../../sample/todo-manager/walk-through/browser.js';
import { freePort } from '../support/mcp-flow/free-port.js';
import { notPassed } from './compare.js';
import type { ConformanceSuite } from './suite.js';

const RESOURCE = 'http://localhost:3000/mcp';

/** Runs the authorization scenarios against the sample's authorization server, and returns what went wrong. */
export async function checkAuthorizationServer(suite: ConformanceSuite): Promise<string[]> {
  const server = await startDevServer({
    port: 0,
    resources: [{ resource: RESOURCE, scopes: TODO_SCOPES }],
    users: Object.values(USERS),
  });
  const { issuer } = server;
  try {
    const port = await freePort();
    const callback = `http://127.0.0.1:${port}/callback`;
    const clientId = await register(issuer, callback);
    const options = ['--client-id', clientId, '--resource', RESOURCE, '-p', String(port)];
    const found = await suite.runAuthorization(issuer, options, (line) => {
      if (line.startsWith(`${issuer}/auth?`)) void logIn(new URL(line), new URL(callback));
    });
    console.log(`Authorization server: ${found.size} checks`);
    const scenarios = new Set([...found.keys()].map((check) => check.split(':')[0]));
    return scenarios.size < 2 ? ['Fewer than two authorization scenarios ran.'] : notPassed(found);
  } finally {
    await server.close();
  }
}

async function register(issuer: string, callback: string): Promise<string> {
  const response = await fetch(`${issuer}/reg`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ redirect_uris: [callback], token_endpoint_auth_method: 'none' }),
  });
  return ((await response.json()) as { client_id: string }).client_id;
}

/** Does what the suite asks its user to do in a browser. */
async function logIn(start: URL, callback: URL): Promise<void> {
  const answer = await new Browser().authorize(start, callback, USERS.admin);
  await fetch(`${callback.href}?${answer.toString()}`);
}
