/** As much CPU time is measured at once, in microseconds: more than what the clock rounds off. */
const MEASURED = 4000;

/**
 * The microseconds of this process's CPU time that a run takes, the least of several tries: what else the
 * machine does makes a run last longer, but costs this process little.
 */
export function cpuTime(run: () => unknown): number {
  run();
  return Math.min(...Array.from({ length: 5 }, () => measure(run)));
}

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
