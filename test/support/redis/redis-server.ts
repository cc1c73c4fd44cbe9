import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe } from '@jest/globals';
import { freePort } from '../mcp-flow/free-port.js';
import { missingPrograms } from '../process/missing-programs.js';

/** Returns `describe`, or `describe.skip` if no Redis server is installed. */
export function describeWithRedis(): typeof describe | typeof describe.skip {
  return missingPrograms(['redis-server']).length === 0 ? describe : describe.skip;
}

const IN_MEMORY = { bind: '127.0.0.1', appendonly: 'no', save: '' };

/** A separate Redis server on a free port. It writes no data to the disk. */
export class RedisServer {
  private process: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly options: Record<string, string | number>,
  ) {}

  /** @param more - settings, as redis.conf has them */
  static async start(more: Record<string, string> = {}): Promise<RedisServer> {
    const dir = await mkdtemp(path.join(tmpdir(), 'nestjs-mcp-auth-redis-'));
    const port = await freePort();
    const server = new RedisServer(port, { port, dir, ...IN_MEMORY, ...more });
    await server.up();
    return server;
  }

  /** Starts the server without data. After `down`, the port is the same as before. */
  async up(): Promise<void> {
    const settings = Object.entries(this.options).flatMap(([name, value]) => [
      `--${name}`,
      String(value),
    ]);
    const child = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.process = child;
    const log: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      log.push(line);
      if (line.includes('Ready to accept connections')) {
        child.stdout.resume();
        return;
      }
    }
    throw new Error(`redis-server did not start:\n${log.join('\n')}`);
  }

  /** Kills the server. Its connections break, and new connections are refused. */
  async down(): Promise<void> {
    const { process } = this;
    this.process = undefined;
    if (process !== undefined) {
      const exited = once(process, 'exit');
      process.kill('SIGKILL');
      await exited;
    }
  }

  /** Keeps connections open, but answers nothing. */
  hang(): void {
    this.process?.kill('SIGSTOP');
  }

  async stop(): Promise<void> {
    await this.down();
    await rm(String(this.options.dir), { recursive: true, force: true });
  }
}
