import { reportText } from '../doctor/report-text.js';
import type { Report } from '../doctor/report.js';
import { EXIT, type ExitStatus, type Terminal } from './command.js';

/** Prints a report as a checklist or as JSON, and returns the exit status. */
export function printReport(
  report: Report,
  { json }: { json?: boolean },
  { stdout, env }: Terminal,
): ExitStatus {
  const isColored = stdout.isTTY === true && (env.NO_COLOR ?? '') === '';
  const text = json ? JSON.stringify(report, undefined, 2) : reportText(report, isColored);
  stdout.write(`${text}\n`);
  return report.isHealthy ? EXIT.ok : EXIT.problems;
}
