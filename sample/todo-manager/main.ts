import 'reflect-metadata';
import { startDevServer } from 'nestjs-mcp-auth/dev-server';
import { connectHints } from './connect-hints.js';
import { createApp } from './create-app.js';
import { HELP, readArguments } from './arguments.js';
import { readSettings } from './settings.js';
import { inOneLine } from './start-up-error.js';
import { TODO_SCOPES } from './todos/todo.js';
import { USERS } from './users.js';
import { walkThrough } from './walk-through/walk-through.js';

async function main(): Promise<void> {
  const { once, help } = readArguments(process.argv.slice(2));
  if (help) {
    console.log(HELP);
    return;
  }
  const { port, resource, adapter, issuers } = readSettings(process.env);

  const own =
    issuers.length === 0
      ? await startDevServer({
          port: port + 1,
          resources: [{ resource, scopes: TODO_SCOPES }],
          users: Object.values(USERS),
        })
      : undefined;
  const trusted = own ? [own.issuer] : issuers;
  const app = await createApp({ resource, issuers: trusted }, adapter);
  await app.listen(port, 'localhost');
  // The application has started. From now on, errors are logged as in any Nest application.
  app.useLogger(['warn']);

  const endpoint = new URL('/mcp', resource);
  console.log(`Todo manager, a protected MCP server: ${endpoint.href} (${adapter})`);
  console.log(`Authorization server: ${trusted.join(', ')}${own ? ', for development' : ''}`);
  if (own) {
    await walkThrough(endpoint);
  } else {
    console.log(
      'There is no walk-through: its scripted user can only log in at the development authorization server.',
    );
  }

  const stop = async () => {
    await app.close();
    await own?.close();
    process.exit();
  };
  if (once) return stop();

  console.log(connectHints(endpoint, own !== undefined));
  process.once('SIGINT', () => void stop());
  process.once('SIGTERM', () => void stop());
}

main().catch((error: unknown) => {
  console.error(`todo-manager: ${inOneLine(error)}`);
  process.exit(1);
});
