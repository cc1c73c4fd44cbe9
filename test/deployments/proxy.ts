import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../support/mcp-flow/free-port.js';
import { EXAMPLE_COM_SELF_SIGNED } from '../support/self-signed.js';
import type { Program } from './programs.js';
import { recipe } from './recipe.js';
import { RunningProgram } from './running-program.js';

/** The address of the application in the docs. */
const APPLICATION = '127.0.0.1:3000';

/** A real proxy with the configuration of the docs, on a free port of the loopback interface. */
export class Proxy {
  private constructor(
    readonly port: number,
    private readonly running: RunningProgram,
  ) {}

  /** @param application - the host and port of the application */
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
    const args = program.arguments(path.join(folder, 'config'));
    const { name, signal } = program;
    return new Proxy(port, await RunningProgram.start(name, args, { port, folder, signal }));
  }

  async stop(): Promise<void> {
    await this.running.stop();
  }
}
