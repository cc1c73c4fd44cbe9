import type { Setup } from '../contenders/contender.js';
import { Child } from './child.js';
import { Load, type Response } from './load.js';
import type { Requests } from './requests.js';

interface Ready {
  port: number;
  /** Milliseconds from the start of the process until it listens. */
  startUp: number;
  /** The part of `startUp` after all modules were loaded. */
  creation: number;
}

export interface Usage {
  /** Microseconds of user and system time. */
  cpu: number;
  /** Bytes of resident memory. */
  memory: number;
  /** Bytes of the used heap, including garbage. */
  heap: number;
}

export interface Sample {
  perSecond: number;
  /** Microseconds of the server's CPU time per request. */
  cpu: number;
  /** The cores that the load generator used: its CPU time divided by the elapsed time. */
  generator: number;
}

/** A contender in its own process, with the connections to it. */
export class Server {
  private constructor(
    readonly name: string,
    private readonly child: Child<Ready>,
    private readonly load: Load,
  ) {}

  static async start(
    name: string,
    setup: Setup | undefined,
    { file = 'server.process', execArgv = [] as string[], args = [] as string[] } = {},
  ): Promise<Server> {
    const child = await Child.start<Ready>(file, [name, JSON.stringify(setup), ...args], execArgv);
    return new Server(name, child, await Load.open(child.ready.port));
  }

  get ready(): Ready {
    return this.child.ready;
  }

  one(request: Buffer): Promise<Response> {
    return this.load.one(request);
  }

  usage(): Promise<Usage> {
    return this.child.ask('usage');
  }

  collect(): Promise<Usage> {
    return this.child.ask('collect');
  }

  async measure(requests: Requests, count: number): Promise<Sample> {
    requests.prepare(count);
    const before = await this.usage();
    const generatorBefore = process.cpuUsage();
    const start = performance.now();
    await this.load.run(requests, count).catch((error: Error) => {
      throw new Error(`${this.name} failed, so the run is invalid: ${error.message}`);
    });
    const seconds = (performance.now() - start) / 1000;
    const generator = process.cpuUsage(generatorBefore);
    const after = await this.usage();
    return {
      perSecond: count / seconds,
      cpu: (after.cpu - before.cpu) / count,
      generator: (generator.user + generator.system) / 1e6 / seconds,
    };
  }

  stop(): Promise<void> {
    this.load.close();
    return this.child.stop();
  }
}
