/** As much CPU time is measured at once, in microseconds: more than what the clock rounds off. */
const MEASURED = 4000;

/**
 * The microseconds of this process's CPU time that a run takes, the least of several tries: what else the
 * machine does makes a run last longer, but costs this process little.
 */
export function cpuTime(run: () => unknown): number {
  measure(run);
  return Math.min(...Array.from({ length: 5 }, () => measure(run)));
}

/** The larger input is as many times the smaller: far enough apart that noise is not taken for a square. */
const TIMES = 64;

/**
 * Measures both inputs, of `size` and of 64 times `size`, and returns the exponent that the CPU time grows
 * with: 1 is linear, 2 quadratic. The small one is measured first, so that both find compiled code.
 */
export function growthOf(size: number, make: (size: number) => () => unknown): number {
  const small = cpuTime(make(size));
  return Math.log(cpuTime(make(size * TIMES)) / small) / Math.log(TIMES);
}

/** Between linear with all that caches and garbage add, and quadratic. */
export const LINEAR = 1.5;

/** Between none, with what larger tables take to look up, and linear. */
export const CONSTANT = 0.5;

function measure(run: () => unknown): number {
  const start = process.cpuUsage();
  let taken = 0;
  let runs = 0;
  while (taken < MEASURED) {
    run();
    runs++;
    const { user, system } = process.cpuUsage(start);
    taken = user + system;
  }
  return taken / runs;
}
