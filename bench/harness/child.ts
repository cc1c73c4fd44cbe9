import { fork } from 'node:child_process';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';

type Questions = Record<string, (argument: never) => unknown>;
interface Answer {
  id: number;
  value?: unknown;
  error?: string;
}

/** A child process that answers questions. Several questions can be open at the same time. */
export class Child<Ready = unknown> {
  private readonly waiting = new Map<number, PromiseWithResolvers<unknown>>();
  private asked = 0;
  private stopping = false;

  private constructor(
    private readonly process: ReturnType<typeof fork>,
    private readonly name: string,
  ) {
    process.on('message', ({ id, value, error }: Answer) => {
      const waiting = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === undefined) {
        waiting?.resolve(value);
      } else {
        waiting?.reject(new Error(error));
      }
    });
    process.on('exit', (code, signal) => {
      const error = new Error(
        `${this.name} ended (${signal ?? `code ${code}`}). See its output above.`,
      );
      this.waiting.forEach(({ reject }) => reject(error));
      if (!this.stopping && this.waiting.size === 0) {
        throw error;
      }
      this.waiting.clear();
    });
  }

  ready!: Ready;

  /**
   * Starts a child, and waits until it is ready.
   *
   * @param file - a compiled file of this folder, or its URL, without `.js`. It must call {@link answer}
   */
  static async start<Ready>(
    file: string,
    args: readonly string[],
    execArgv: readonly string[] = [],
  ): Promise<Child<Ready>> {
    const path = fileURLToPath(new URL(`${file}.js`, import.meta.url));
    const process = fork(path, [...args], {
      execArgv: [...execArgv],
      env: { ...env, NODE_ENV: 'production' },
      serialization: 'advanced',
    });
    const child = new Child<Ready>(process, [file, ...args.slice(0, 1)].join(' '));
    child.ready = (await child.expect(0)) as Ready;
    return child;
  }

  ask<T>(question: string, argument?: unknown): Promise<T> {
    const id = ++this.asked;
    this.process.send({ id, question, argument });
    return this.expect(id) as Promise<T>;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.disconnect();
    await ended;
  }

  private expect(id: number): Promise<unknown> {
    const waiting = withResolvers();
    this.waiting.set(id, waiting);
    return waiting.promise;
  }
}

/** Tells the parent that this child is ready, and answers its questions. Exits when the parent disconnects. */
export function answer(ready: unknown, questions: Questions): void {
  process.on('message', (message: { id: number; question: string; argument: never }) => {
    const { id, question, argument } = message;
    Promise.resolve()
      .then(() => questions[question]?.(argument))
      .then(
        (value) => process.send?.({ id, value }),
        (error: unknown) => process.send?.({ id, error: String(error) }),
      );
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ id: 0, value: ready });
}

interface PromiseWithResolvers<T> {
  promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

/** Does what `Promise.withResolvers` does. Node 20 does not have that. */
function withResolvers(): PromiseWithResolvers<unknown> {
  const result = {} as PromiseWithResolvers<unknown>;
  result.promise = new Promise((resolve, reject) => Object.assign(result, { resolve, reject }));
  return result;
}
