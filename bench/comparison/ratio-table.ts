import { show, table } from '../harness/report.js';
import type { Outcomes } from '../harness/outcome.js';

/** Throughput, also as a share of what it is held against, and CPU time. */
export function ratioTable(outcomes: Outcomes, baseline: string): string {
  const rows = [...outcomes.values()].map(({ name, perSecond, ratio, cpu }) => {
    return [name, perSecond.median.toFixed(0), show(ratio, 3), show(cpu, 1)];
  });
  return table(['', 'requests/s', `of the ${baseline}`, 'CPU µs/request'], rows);
}
