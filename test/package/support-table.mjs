import assert from 'node:assert/strict';

export const NEST = [11, 12];
export const NODE = [20, 22, 24];
export const ADAPTERS = ['Express', 'Fastify'];
export const MODULES = ['ES modules', 'CommonJS'];

const START = '<!-- Written by `npm run test:matrix -- --write` -->';
const END = '<!-- End of the table -->';

/** Names a combination. */
export function titleOf({ nest, modules, node, adapter }) {
  return `Nest ${nest}, ${modules}, Node ${node}, ${adapter}`;
}

/** Replaces the table between the two markers. */
export function withSupportTable(readme, result) {
  const [from, to] = [readme.indexOf(START) + START.length, readme.indexOf(END)];
  assert.ok(from >= START.length && to >= from, `README.md needs ${START} and, below it, ${END}`);
  return `${readme.slice(0, from)}\n\n${supportTable(result)}\n\n${readme.slice(to)}`;
}

/** Returns the table of README.md, and below it a line for each combination that does not work. */
export function supportTable({ date, node, nest, cells }) {
  const head = [date, ...NODE.map((major) => `Node ${node[major]}`)];
  const rows = NEST.flatMap((major) =>
    MODULES.map((modules) => [
      `Nest ${nest[major]}, ${modules}`,
      ...NODE.map((version) => adaptersOf(cells, { nest: major, modules, node: version })),
    ]),
  );
  const line = (texts) => `| ${texts.join(' | ')} |`;
  const problems = cells
    .filter(({ problem }) => problem !== undefined)
    .map((cell) => `- ${titleOf(cell)}: ${cell.problem}`);
  const table = [head, head.map(() => '---'), ...rows].map(line);
  return [...table, ...(problems.length > 0 ? ['', ...problems] : [])].join('\n');
}

/** Returns the adapters that work. */
function adaptersOf(cells, row) {
  const working = cells.filter(
    (cell) =>
      cell.problem === undefined &&
      Object.entries(row).every(([key, value]) => cell[key] === value),
  );
  return working.map(({ adapter }) => adapter).join(', ') || '—';
}
