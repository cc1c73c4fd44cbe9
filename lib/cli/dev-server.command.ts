import type { DevServer } from '../dev-server/dev-server.options.js';
import { hostInUrl } from '../dev-server/host-in-url.js';
import type { ResolvedOptions } from '../dev-server/resolved-options.js';
import { isLoopback } from '../url/loopback.js';
import { EXIT, type Command, type Terminal } from './command.js';
import { devServerOptions } from './dev-server-options.js';
import { welcomeText } from './dev-server-welcome.js';

/** The command `dev-server`. */
export const devServer: Command = {
  name: 'dev-server',
  summary: 'Starts an authorization server for development.',
  usage: `Usage: npx nestjs-mcp-auth dev-server --resource <url> [--scopes <scopes>] [options]

Starts an authorization server for your application while you develop. It prints the options for
McpAuthModule.forRoot(), and a token for each user. Everything is in memory, and lost when the server stops.

  --resource <url>    the resource identifier, such as http://localhost:3000/mcp. Repeat it for
                      several resources
  --scopes <scopes>   the scopes, such as read:notes,write:notes. Once for all resources, or once
                      for each resource, in the same order
  --user <user>       <name>, <name>:<password>, or with scopes <name>:<password>=<scopes>. The default
                      password is the name, the default scopes are all scopes. Repeat it for several
                      users. Default: alice has all scopes, bob lacks the last scope of each resource
  --port <number>     the port to listen on; 0 is any free port. Default: 9000
  --host <host>       the name or address to listen on. Default: localhost, which only this machine
                      can reach. 0.0.0.0 is for containers
  --issuer <url>      the URL by which clients, browsers and the application reach the server.
                      Default: made of the host and the port

Exit status: 0 if it was stopped by Ctrl+C or SIGTERM, 2 if it could not start.`,
  async run(args, terminal) {
    const options = devServerOptions(args);
    const server = await start(options);
    try {
      warnOfNetwork(options, terminal);
      terminal.stdout.write(`${await welcomeText(server, options)}\n`);
      await stopped(terminal);
    } finally {
      await server.close();
    }
    return EXIT.ok;
  },
};

async function start(options: ResolvedOptions): Promise<DevServer> {
  const { startDevServer } = await import('../dev-server/start-dev-server.js');
  try {
    return await startDevServer(options);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'EADDRINUSE') {
      throw new Error(
        `Port ${options.port} of ${options.host} is in use. Choose another port with --port.`,
        { cause: error },
      );
    }
    throw error;
  }
}

function warnOfNetwork({ host }: ResolvedOptions, { stderr }: Terminal): void {
  if (!isLoopback(new URL(`http://${hostInUrl(host)}`))) {
    stderr.write(
      `Warning: the server listens on ${host}. Everyone who can reach this address can sign in.\n\n`,
    );
  }
}

async function stopped(terminal: Terminal): Promise<void> {
  await new Promise<void>((resolve) => {
    terminal.once('SIGINT', resolve);
    terminal.once('SIGTERM', resolve);
  });
}
