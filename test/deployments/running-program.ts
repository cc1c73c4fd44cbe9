import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { ENVIRONMENT } from '../support/process/missing-programs.js';

/** The milliseconds in which a program must start. */
const START_LIMIT = 20_000;

interface ProgramOptions {
  /** The port on which it listens, on the loopback interface. */
  port: number;
  /** The folder of the program, which is removed when the program stops. */
  folder: string;
  /** The signal that ends the program and the processes that it started, without delay. */
  signal: 'SIGTERM' | 'SIGKILL';
}

/** A real server that a test starts, as the user who runs the test. */
export class RunningProgram {
  private constructor(
    private readonly name: string,
    private readonly child: ChildProcess,
    private readonly options: ProgramOptions,
  ) {}

  /** Starts a program, and waits until it listens. */
  static async start(
    name: string,
    args: string[],
    options: ProgramOptions,
  ): Promise<RunningProgram> {
    const { folder } = options;
    const child = spawn(name, args, {
      cwd: folder,
      env: { ...ENVIRONMENT, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const program = new RunningProgram(name, child, options);
    try {
      await program.listens();
      return program;
    } catch (error) {
      await program.stop();
      throw error;
    }
  }

  private async listens(): Promise<void> {
    let log = '';
    for (const output of [this.child.stdout, this.child.stderr]) {
      output?.on('data', (chunk: Buffer) => (log += chunk.toString()));
    }
    const end = performance.now() + START_LIMIT;
    while (!(await isListening(this.options.port))) {
      if (!this.isRunning || performance.now() > end) {
        throw new Error(`${this.name} did not start:\n${log}`);
      }
      await pause(20);
    }
  }

  private get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async stop(): Promise<void> {
    if (this.isRunning) {
      const exited = once(this.child, 'exit');
      this.child.kill(this.options.signal);
      await exited;
    }
    await rm(this.options.folder, { recursive: true, force: true });
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
  });
}
