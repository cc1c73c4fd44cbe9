import type { Finding, Status } from './finding.js';
import type { Report } from './report.js';

/** The codes of the colors (ECMA-48, "Select Graphic Rendition"). */
const COLORS = { ok: 32, warning: 33, problem: 31, skipped: 90 } as const;
/** The widest status, and two spaces. */
const STATUS_WIDTH = 9;

/** Returns a report as a checklist. The findings about one authorization server stand together. */
export function reportText({ url, findings }: Report, isColored: boolean): string {
  const width = Math.max(0, ...findings.map(({ check }) => check.length)) + 2;
  const servers = [...new Set(findings.map(({ server }) => server))];
  const parts = servers.map((server) => [
    server === undefined || server === url ? url : `Authorization server ${server}`,
    ...findings
      .filter((finding) => finding.server === server)
      .map((finding) => lines(finding, width, isColored)),
  ]);
  return [...parts, [summary(findings)]].map((part) => part.join('\n')).join('\n\n');
}

function lines({ check, status, description, remedy }: Finding, width: number, isColored: boolean) {
  const shown = isColored ? colored(status) : status;
  const indent = ' '.repeat(STATUS_WIDTH - status.length);
  const first = `  ${shown}${indent}${check.padEnd(width)}${description}`;
  return remedy === undefined
    ? first
    : `${first}\n${' '.repeat(2 + STATUS_WIDTH + width)}To do: ${remedy}`;
}

function colored(status: Status): string {
  return `\u001b[${COLORS[status]}m${status}\u001b[0m`;
}

function summary(findings: readonly Finding[]): string {
  const count = (wanted: Status) => findings.filter(({ status }) => status === wanted).length;
  return `${counted(count('problem'), 'problem')}, ${counted(count('warning'), 'warning')}, ${count('ok')} ok.`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
