import type { Readable, Writable } from 'node:stream';

/** The exit status of a command: it did its job, it found problems, or it could not run. */
export const EXIT = { ok: 0, problems: 1, failure: 2 } as const;

/** An exit status in {@link EXIT}. */
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** The part of Node's `process` that a command uses. */
export interface Terminal {
  readonly stdin: Readable & { isTTY?: boolean };
  readonly stdout: Writable & { isTTY?: boolean };
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls the listener at the first signal to end, instead of ending the process. */
  once(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

/** One command of the command line. */
export interface Command {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** The text of `--help`: the arguments, the options, and the exit status. */
  readonly usage: string;
  /**
   * @param args - the arguments after the name of the command
   * @throws UsageError if the arguments are not right
   * @throws Error with a message of one line if the command cannot run
   */
  run(args: string[], terminal: Terminal): Promise<ExitStatus>;
}

/** An error in the arguments of a command. The usage is printed with it. */
export class UsageError extends Error {}
