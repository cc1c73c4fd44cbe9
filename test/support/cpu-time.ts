/** The microseconds of CPU time in one measurement, far more than the resolution of the clock. */
const MEASURED = 4000;

/**
 * The microseconds of this process's CPU time that a run takes, the least of several tries: what else the
 * machine does makes a run last longer, but costs this process little.
 */
export function cpuTime(run: () => unknown): number {
  measure(run);
  return Math.min(...Array.from({ length: 5 }, () => measure(run)));
}

/**
 * The size of the larger input divided by that of the smaller. It is so large that noise does not look
 * quadratic.
 */
const TIMES = 64;

/**
 * Measures both inputs, of `size` and of 64 times `size`, and returns the exponent that the CPU time grows
 * with: 1 is linear, 2 quadratic. The small one is measured first, so that both find compiled code.
 */
export function growthOf(size: number, make: (size: number) => () => unknown): number {
  const small = cpuTime(make(size));
  return Math.log(cpuTime(make(size * TIMES)) / small) / Math.log(TIMES);
}

/** The limit for linear growth: between 1, with the effects of caches and garbage, and 2. */
export const LINEAR = 1.5;

/** The limit for constant time: between 0, with the effects of larger tables, and 1. */
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
