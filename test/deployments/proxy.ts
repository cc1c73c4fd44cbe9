import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../support/mcp-flow/free-port.js';
import { ENVIRONMENT } from '../support/process/missing-programs.js';
import { EXAMPLE_COM_SELF_SIGNED } from '../support/self-signed.js';
import type { Program } from './programs.js';
import { recipe } from './recipe.js';

/** The address of the application in the docs. */
const APPLICATION = '127.0.0.1:3000';

/** In milliseconds. */
const START_LIMIT = 20_000;

/** A real proxy with the configuration of the docs, on a free port of the loopback interface. */
export class Proxy {
  private constructor(
    readonly port: number,
    private readonly program: Program,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  /** @param application - host and port */
  static async start(program: Program, application: string): Promise<Proxy> {
    const folder = await mkdtemp(path.join(tmpdir(), `nestjs-mcp-auth-${program.name}-`));
    const port = await freePort();
    const config = await recipe(program.heading, program.language, {
      ...program.replacements(folder, port),
      [APPLICATION]: application,
    });
    const { cert, key } = EXAMPLE_COM_SELF_SIGNED;
    const files = {
      'example.com.pem': `${cert}\n`,
      'example.com.key': `${key}\n`,
      'both.pem': `${cert}\n${key}\n`,
      config: program.complete(config, folder, port),
    };
    for (const [name, content] of Object.entries(files)) {
      await writeFile(path.join(folder, name), content);
    }
    const child = spawn(program.name, program.arguments(path.join(folder, 'config')), {
      env: { ...ENVIRONMENT, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const proxy = new Proxy(port, program, child, folder);
    try {
      await proxy.listens();
      return proxy;
    } catch (error) {
      await proxy.stop();
      throw error;
    }
  }

  private async listens(): Promise<void> {
    let log = '';
    for (const output of [this.child.stdout, this.child.stderr]) {
      output?.on('data', (chunk: Buffer) => (log += chunk.toString()));
    }
    const end = performance.now() + START_LIMIT;
    while (!(await isListening(this.port))) {
      if (!this.isRunning || performance.now() > end) {
        throw new Error(`${this.program.name} did not start:\n${log}`);
      }
      await pause(20);
    }
  }

  private get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async stop(): Promise<void> {
    const { child, folder } = this;
    if (this.isRunning) {
      const exited = once(child, 'exit');
      child.kill(this.program.signal);
      await exited;
    }
    await rm(folder, { recursive: true, force: true });
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
