import { EventEmitter, once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
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

/** A command line that runs in this process. */
export interface RunningCommand {
  /** Sends a signal to the command, as Ctrl+C does. */
  send: (signal: 'SIGINT' | 'SIGTERM') => void;
  /** Waits until standard output has this text, and returns the whole output. Rejects if the command ends before. */
  printed: (text: string) => Promise<string>;
  /** Resolves when the command ends, with what the command printed. */
  output: Promise<Output>;
}

/** Runs a command line in this process, and returns what it printed. */
export async function runInTerminal(
  commands: readonly Command[],
  args: string[],
  options?: TerminalOptions,
): Promise<Output> {
  return startInTerminal(commands, args, options).output;
}

/** Starts a command line in this process. */
export function startInTerminal(
  commands: readonly Command[],
  args: string[],
  { input = '', env = {} }: TerminalOptions = {},
): RunningCommand {
  const stdout = new Screen();
  const stderr = new Screen();
  const signals = new EventEmitter();
  const terminal: Terminal = {
    stdin: Readable.from([input]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    env,
    once: (signal, listener) => signals.once(signal, listener),
  };
  const output = run(commands, args, terminal)
    .finally(() => Promise.all([stdout.end(), stderr.end()]))
    .then((status) => ({ status, stdout: stdout.text, stderr: stderr.text }));
  return {
    output,
    send: (signal) => signals.emit(signal),
    printed: (text) => stdout.shows(text),
  };
}

class Screen {
  readonly stream = new PassThrough().setEncoding('utf8');
  text = '';

  constructor() {
    this.stream.on('data', (part: string) => (this.text += part));
  }

  async shows(text: string): Promise<string> {
    while (!this.text.includes(text)) {
      if (this.stream.readableEnded) {
        throw new Error(`The command has ended without printing ${JSON.stringify(text)}.`);
      }
      await Promise.race([once(this.stream, 'data'), once(this.stream, 'end')]);
    }
    return this.text;
  }

  async end(): Promise<void> {
    const ended = once(this.stream, 'end');
    this.stream.end();
    await ended;
  }
}
