import { parseArgs } from 'node:util';
import { UsageError, type Command } from './command.js';
import { printReport } from './print-report.js';
import { readToken } from './token-input.js';
import { urlArgument } from './url-argument.js';

/** The command `doctor`. */
export const doctor: Command = {
  name: 'doctor',
  summary: 'Asks an MCP server as an MCP client would, and finds what keeps clients out.',
  usage: `Usage: npx nestjs-mcp-auth doctor <mcp-server-url> [--token-file <file>] [--register] [--json]

Asks a running MCP server and its authorization servers as an MCP client would, and prints a checklist. It works
with any MCP server.

  <mcp-server-url>  the URL that you give to clients, such as https://api.example.com/mcp
  --token-file      a file with an access token, or - for standard input. You can also set the environment
                    variable MCP_TOKEN. The doctor says why the token is accepted or rejected. It sends the
                    token only to <mcp-server-url>, and only by https: or to this machine
  --register        registers a client at each authorization server, and deletes the client again if the server
                    offers that. Without this option, the doctor changes nothing anywhere
  --json            prints JSON

Exit status: 0 if there is no problem, 1 if there are problems, 2 if the command could not run.`,
  async run(args, terminal) {
    const options = {
      'token-file': { type: 'string' },
      register: { type: 'boolean' },
      json: { type: 'boolean' },
    } as const;
    assertNoToken(args);
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    const url = urlArgument('<mcp-server-url>', positionals);
    const token = await readToken(values['token-file'], terminal);
    const { examineMcpServer } = await import('../doctor/examine-mcp-server.js');
    const report = await examineMcpServer(url, { token, register: values.register === true });
    return printReport(report, values, terminal);
  },
};

/** Throws a message of its own for `--token`, an option that does not exist, but that many people try first. */
function assertNoToken(args: readonly string[]): void {
  if (args.some((arg) => /^--token(?:=|$)/.test(arg))) {
    throw new UsageError(
      'has no option --token, because other users of the machine can see arguments; use --token-file or the variable MCP_TOKEN',
    );
  }
}
