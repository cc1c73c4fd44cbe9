import { setTimeout } from 'node:timers/promises';
import { FETCH_TIMEOUT } from '../settings.js';
import type { ServerProcess } from '../server/server-process.js';
import type { Usage } from '../server/usage.js';
import type { Load } from '../traffic/load.js';

/** The usage that a server reported: at rest before and after the load, and several times under load. */
export interface Course {
  before: Usage;
  during: Usage[];
  after: Usage;
}

export interface Observed {
  server: ServerProcess;
  load: Load;
}

/**
 * The milliseconds between two samples. Each sample costs the servers a garbage collection. The interval is
 * shorter than a fetch that hangs, so that at least one sample shows what such a fetch keeps in memory.
 */
const INTERVAL = FETCH_TIMEOUT - 1000;
/** The milliseconds to wait after the load, so that connections that are no longer needed are closed. */
const REST = 1000;

/** Starts and stops the load, and measures what the servers use meanwhile. */
export class Observer {
  private readonly courses = new Map<Observed, Partial<Course> & Pick<Course, 'during'>>();
  private timer: NodeJS.Timeout | undefined;
  private look: Promise<unknown> = Promise.resolve();

  constructor(private readonly observed: readonly Observed[]) {
    observed.forEach((one) => this.courses.set(one, { during: [] }));
  }

  go(): void {
    this.observed.forEach(({ load }) => load.go());
  }

  /** Starts the measurement and the load. */
  async begin(): Promise<void> {
    await this.rest('before');
    await Promise.all(this.observed.map(({ server }) => server.resetDelay()));
    this.timer = setInterval(() => {
      this.look = this.sample();
    }, INTERVAL);
    this.go();
  }

  async end(): Promise<void> {
    clearInterval(this.timer);
    await this.look;
    await this.rest('after');
  }

  courseOf(observed: Observed): Course {
    const { before, during = [], after } = this.courses.get(observed) ?? {};
    if (before === undefined || after === undefined) {
      throw new Error('The run has not been measured to its end.');
    }
    return { before, during, after };
  }

  private async rest(when: 'before' | 'after'): Promise<void> {
    await Promise.all(this.observed.map(({ load }) => load.pause()));
    await setTimeout(REST);
    await this.each((course, usage) => (course[when] = usage));
  }

  private sample(): Promise<unknown> {
    return this.each((course, usage) => course.during.push(usage));
  }

  private async each(
    keep: (course: Partial<Course> & Pick<Course, 'during'>, usage: Usage) => unknown,
  ): Promise<void> {
    await Promise.all(
      [...this.courses].map(async ([{ server }, course]) => keep(course, await server.usage())),
    );
  }
}
