import { parseArgs } from 'node:util';

export const HELP = `Starts the todo manager, a protected MCP server, and walks an MCP client through it.

  npm start                 stays up after the walk-through
  npm start -- --once       ends after the walk-through
  npm start -- --help       prints this

Environment variables:

  PORT      the port of the server, 3001; its authorization server takes the next one
  ADAPTER   express or fastify
  ISSUER    your own authorization servers, separated by commas; no walk-through then
  RESOURCE  the resource identifier, http://localhost:<PORT>/mcp`;

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
    throw new Error(`It takes --once and --help, not "${args.join(' ')}".`);
  }
}
