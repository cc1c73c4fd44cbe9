import { parseArgs } from 'node:util';
import type { Command } from './command.js';
import { printReport } from './print-report.js';
import { urlArgument } from './url-argument.js';

/** The command `check`. */
export const check: Command = {
  name: 'check',
  summary: 'Checks whether MCP clients can use an authorization server.',
  usage: `Usage: npx nestjs-mcp-auth check <issuer> [--json]

Reads the metadata and the keys of an authorization server, and checks whether MCP clients can use it.
It changes nothing, and sends no token.

  <issuer>  the issuer identifier, such as https://auth.example.com
  --json    prints JSON

Exit status: 0 if there is no problem, 1 if there are problems, 2 if the command could not run.`,
  async run(args, terminal) {
    const options = { json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    const issuer = urlArgument('<issuer>', positionals);
    const { checkIssuer } = await import('../doctor/check-issuer.js');
    return printReport(await checkIssuer(issuer), values, terminal);
  },
};
