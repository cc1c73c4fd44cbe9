import { setTimeout } from 'node:timers/promises';
import { FETCH_TIMEOUT } from '../settings.js';
import type { ServerProcess } from '../server/server-process.js';
import type { Usage } from '../server/usage.js';
import type { Load } from '../traffic/load.js';

/** What a server said of itself: at rest before and after, and under load in between. */
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
 * Milliseconds between two looks at the servers; each costs them a garbage collection. A fetch that hangs
 * is seen by one of them, and what is kept for its sake.
 */
const INTERVAL = FETCH_TIMEOUT - 1000;
/** In which connections that nobody needs any more are closed. */
const REST = 1000;

/** Starts and stops the load, and watches what it does to the servers. */
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

  /** What is measured is measured from here on. */
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
