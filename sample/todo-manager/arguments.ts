import { parseArgs } from 'node:util';

export const HELP = `Starts the todo manager, a protected MCP server, and shows an MCP client that uses it, step by step.

  npm start                 keeps running after the walk-through
  npm start -- --once       ends after the walk-through
  npm start -- --help       prints this

Environment variables:

  PORT      the port of the server (default 3001); its authorization server uses the next port
  ADAPTER   express (default) or fastify
  ISSUER    your own authorization servers, separated by commas; then there is no walk-through
  RESOURCE  the resource identifier (default http://localhost:<PORT>/mcp)`;

export interface Arguments {
  once: boolean;
  help: boolean;
}

/** Reads the command line. */
export function readArguments(args: string[]): Arguments {
  try {
    const { values } = parseArgs({
      args,
      options: { once: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
    return { once: values.once ?? false, help: values.help ?? false };
  } catch {
    throw new Error(`The only options are --once and --help, not "${args.join(' ')}".`);
  }
}
