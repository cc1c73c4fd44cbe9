/** The microseconds of CPU time in one measurement, far more than the resolution of the clock. */
const MEASURED = 4000;

/**
 * Returns the microseconds of CPU time that a run takes in this process. It is the least of several measurements.
 * Other processes make a run last longer, but hardly change its CPU time.
 */
export function cpuTime(run: () => unknown): number {
  measure(run);
  return Math.min(...Array.from({ length: 5 }, () => measure(run)));
}

/**
 * The size of the larger input divided by the size of the smaller input. It is so large that noise does not look
 * like quadratic growth.
 */
const TIMES = 64;

/**
 * Measures an input of `size` and an input of 64 times `size`. Returns the exponent of the growth of the CPU time:
 * 1 is linear, 2 quadratic. The small input is measured first, so that the code is compiled for both.
 */
export function growthOf(size: number, make: (size: number) => () => unknown): number {
  const small = cpuTime(make(size));
  return Math.log(cpuTime(make(size * TIMES)) / small) / Math.log(TIMES);
}

/** The limit of the exponent for linear growth. It is above 1, because of caches and garbage, and below 2. */
export const LINEAR = 1.5;

/** The limit of the exponent for constant time. It is above 0, because of larger tables, and below 1. */
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
