import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import {
  ADAPTERS,
  MODULES,
  NEST,
  NODE,
  supportTable,
  titleOf,
  withSupportTable,
  type MatrixResult,
} from '../package/support-table.mjs';

const readme = await readFile('README.md', 'utf8');
const result = JSON.parse(await readFile('test/package/matrix.json', 'utf8')) as MatrixResult;
const combinations = NEST.flatMap((nest) =>
  MODULES.flatMap((modules) =>
    NODE.flatMap((node) => ADAPTERS.map((adapter) => ({ nest, modules, node, adapter }))),
  ),
);

/** Returns a table without the spaces and hyphens with which Prettier aligns the columns. */
const unaligned = (markdown: string) => markdown.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');

describe('the table of supported versions in README.md', () => {
  it('is the table that test/package/matrix.json results in', () => {
    expect(unaligned(readme)).toBe(unaligned(withSupportTable(readme, result)));
  });

  it('comes from a run of every combination', () => {
    expect(result.cells.map(titleOf).sort()).toEqual(combinations.map(titleOf).sort());
  });

  it('names a combination that does not work, with the reason', () => {
    const cells = combinations.map((cell) => ({ ...cell }));
    Object.assign(cells.find((cell) => cell.nest === 12 && cell.adapter === 'Express') ?? {}, {
      problem: 'did not start:',
    });
    const table = supportTable({ ...result, cells });
    expect(table).toContain(`| Nest ${result.nest[12] ?? ''}, ES modules | Fastify | Express,`);
    expect(table).toContain('\n\n- Nest 12, ES modules, Node 20, Express: did not start:');
  });

  it('cannot be written into a page without the markers', () => {
    expect(() => withSupportTable('# Page', result)).toThrow('needs <!-- Written by');
  });
});
