import { show, table } from '../harness/report.js';
import type { Outcomes } from '../harness/outcome.js';

/** Returns a table of the throughput, its ratio to the baseline's, and the CPU time. */
export function ratioTable(outcomes: Outcomes, baseline: string): string {
  const rows = [...outcomes.values()].map(({ name, perSecond, ratio, cpu }) => {
    return [name, perSecond.median.toFixed(0), show(ratio, 3), show(cpu, 1)];
  });
  return table(['', 'requests/s', `throughput ÷ ${baseline}`, 'CPU µs/request'], rows);
}
