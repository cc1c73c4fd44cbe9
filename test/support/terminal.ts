import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Command, ExitStatus, Terminal } from '../../lib/cli/command.js';
import { run } from '../../lib/cli/run.js';

export interface Output {
  status: ExitStatus;
  stdout: string;
  stderr: string;
}

export interface TerminalOptions {
  /** The text on standard input. */
  input?: string;
  env?: Record<string, string>;
}

/** Runs a command line in this process, and returns what it printed. */
export async function runInTerminal(
  commands: readonly Command[],
  args: string[],
  { input = '', env = {} }: TerminalOptions = {},
): Promise<Output> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const terminal: Terminal = { stdin: Readable.from([input]), stdout, stderr, env };
  const printed = Promise.all([text(stdout), text(stderr)]);
  const status = await run(commands, args, terminal).finally(() => {
    stdout.end();
    stderr.end();
  });
  const [out, err] = await printed;
  return { status, stdout: out, stderr: err };
}
