import { createRequire } from 'node:module';
import { EXIT, UsageError, type Command, type ExitStatus, type Terminal } from './command.js';

/** Runs the command that the arguments name. It never throws: it prints errors, and the usage if it can help. */
export async function run(
  commands: readonly Command[],
  [name = '--help', ...args]: readonly string[],
  terminal: Terminal,
): Promise<ExitStatus> {
  const command = commands.find((one) => one.name === name);
  if (command === undefined) {
    return runWithoutCommand(commands, name, terminal);
  }
  if (args.includes('--help') || args.includes('-h')) {
    terminal.stdout.write(`${command.usage}\n`);
    return EXIT.ok;
  }
  try {
    return await command.run(args, terminal);
  } catch (error) {
    const { message = String(error) } = error as { message?: string };
    const usage = isUsageError(error) ? `\n\n${command.usage}` : '';
    terminal.stderr.write(`nestjs-mcp-auth ${name}: ${message}${usage}\n`);
    return EXIT.failure;
  }
}

function runWithoutCommand(
  commands: readonly Command[],
  name: string,
  { stdout, stderr }: Terminal,
): ExitStatus {
  if (name === '--version' || name === '-v') {
    stdout.write(`${version()}\n`);
    return EXIT.ok;
  }
  if (name === '--help' || name === '-h') {
    stdout.write(`${usageOf(commands)}\n`);
    return EXIT.ok;
  }
  stderr.write(`nestjs-mcp-auth: there is no command "${name}".\n\n${usageOf(commands)}\n`);
  return EXIT.failure;
}

/** Returns `true` for a {@link UsageError}, and for an error of `parseArgs`. */
function isUsageError(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return error instanceof UsageError || String(code).startsWith('ERR_PARSE_ARGS');
}

function usageOf(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'Usage: npx nestjs-mcp-auth <command> [options]',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'npx nestjs-mcp-auth <command> --help shows the options of a command.',
  ].join('\n');
}

function version(): string {
  const manifest = createRequire(import.meta.url)('../../package.json') as { version: string };
  return manifest.version;
}
