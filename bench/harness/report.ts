import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import type { Spread } from './statistics.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const alignment = head.map((_, column) => (column === 0 ? '---' : '--:'));
  return [head, alignment, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** A target of the project, and the measured value. */
export interface Target {
  what: string;
  wanted: string;
  seen: string;
  met: boolean;
}

/** One section of a report. */
export interface Part {
  text: string;
  targets: Target[];
}

export function targetTable(targets: readonly Target[]): string {
  const rows = targets.map(({ what, wanted, seen, met }) => {
    return [what, wanted, seen, met ? 'met' : '**missed**'];
  });
  return table(['', 'Target', 'Measured', ''], rows);
}

/** Formats a median with its quartiles in brackets. */
export function show({ median, low, high }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${low.toFixed(digits)} – ${high.toFixed(digits)})`;
}

export interface Destination {
  /** The path from the root of the repository. */
  file: string;
  quick: boolean;
  out: string | undefined;
  append?: boolean;
}

/** Writes a report. A quick or partial run does not replace the committed report. */
export async function writeReport(text: string, destination: Destination): Promise<void> {
  const { file, quick, out, append = false } = destination;
  const path = out ?? join(root, quick ? `bench/build/quick/${file.split('/').at(-1)}` : file);
  const formatted = path.endsWith('.md')
    ? await format(text, { parser: 'markdown', singleQuote: true, printWidth: 100 })
    : text;
  await mkdir(dirname(path), { recursive: true });
  await (append ? appendFile(path, `\n${formatted}`) : writeFile(path, formatted));
  console.log(`\nWritten: ${relative(root, path)}`);
}

export function section(title: string, ...parts: string[]): string {
  const text = [`## ${title}`, ...parts].join('\n\n');
  console.log(`\n${text}`);
  return text;
}
