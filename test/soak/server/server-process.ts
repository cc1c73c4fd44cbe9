import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Usage } from './usage.js';

const SERVER = fileURLToPath(new URL('./server.process.ts', import.meta.url));
const TYPESCRIPT = new URL('../../support/process/typescript.mjs', import.meta.url).href;

/** A message of a server process: first its port, then the answers to questions. */
export type Message = { port: number } | { id: number; usage?: Usage };
export interface Question {
  id: number;
  question: 'usage' | 'reset';
}

/** A server in a process of its own. */
export class ServerProcess {
  private readonly waiting = new Map<number, (usage: Usage | undefined) => void>();
  private asked = 0;
  private stopping = false;

  private constructor(
    private readonly process: ChildProcess,
    readonly port: number,
    onEnd: (how: string) => void,
    args: readonly string[],
  ) {
    process.on('message', (message: Message) => {
      if ('id' in message) {
        this.waiting.get(message.id)?.(message.usage);
        this.waiting.delete(message.id);
      }
    });
    process.on('exit', (code, signal) => {
      if (!this.stopping) {
        onEnd(`${args.join(' ')}: ${signal ?? `code ${code}`}`);
      }
    });
  }

  /** @param onEnd - called if the process ends before `stop` */
  static async start(
    args: readonly string[],
    onEnd: (how: string) => void,
  ): Promise<ServerProcess> {
    const process = fork(SERVER, [...args], {
      execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning', '--import', TYPESCRIPT],
      env: { ...globalThis.process.env, NODE_ENV: 'production' },
    });
    const ended = once(process, 'exit').then(() => {
      throw new Error(`The server ${args.join(' ')} did not start.`);
    });
    ended.catch(() => undefined);
    const [message] = (await Promise.race([once(process, 'message'), ended])) as [Message];
    return new ServerProcess(process, 'port' in message ? message.port : 0, onEnd, args);
  }

  async usage(): Promise<Usage> {
    const usage = await this.ask('usage');
    if (usage === undefined) {
      throw new Error('A server does not say how it fares.');
    }
    return usage;
  }

  /** Forgets how late the event loop has been so far. */
  async resetDelay(): Promise<void> {
    await this.ask('reset');
  }

  async stop(): Promise<void> {
    this.stopping = true;
    if (this.process.connected) {
      const ended = once(this.process, 'exit');
      this.process.disconnect();
      await ended;
    }
  }

  private ask(question: Question['question']): Promise<Usage | undefined> {
    const id = ++this.asked;
    // An error is ignored here, because `onEnd` reports a process that has ended.
    this.process.send({ id, question } satisfies Question, () => undefined);
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }
}
