import type { Outcomes } from '../harness/outcome.js';
import { STYLE } from './chart-style.js';
import { SIZES, outcomeOf, type Kind } from './sizes.js';
import type { MemoryPoint } from './memory.js';

const WIDTH = 960;
const HEIGHT = 340;
const PLOT = { top: 92, height: 190, width: 236 };
const LEFTS = [56, 368, 680];

const DRAWN = ['open', 'handlers', 'resources'] as const satisfies Kind[];
type Drawn = (typeof DRAWN)[number];

interface Line {
  kind: Drawn;
  /** The points, each with a position from 0 to 1 on the x axis and a value. */
  points: (readonly [x: number, value: number])[];
  dots: boolean;
}

interface Panel {
  title: string;
  unit: string;
  ticks: (readonly [x: number, label: string])[];
  lines: Line[];
  /** The value at the top of the panel. */
  top: number;
  limit?: number;
}

/** Draws the cost of a request by size of the application, for both adapters, and the memory by tokens sent. */
export function growthChart(
  growths: Readonly<Record<'express' | 'fastify', Outcomes>>,
  memory: readonly MemoryPoint[],
): string {
  const panels = [
    costPanel('Express: CPU per request', growths.express),
    costPanel('Fastify: CPU per request', growths.fastify),
    memoryPanel(memory),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Cost per request from 1 to 1,000 handlers and resources, and memory with distinct tokens">`,
    `  <style>${STYLE}\n  </style>`,
    `  <rect class="ground" width="${WIDTH}" height="${HEIGHT}" rx="6"/>`,
    legend(),
    ...panels.map((panel, n) => drawPanel(panel, LEFTS[n] ?? 0)),
    '</svg>\n',
  ].join('\n');
}

function costPanel(title: string, growth: Outcomes): Panel {
  const x = (n: number) => n / (SIZES.length - 1);
  const lines = DRAWN.map((kind) => ({
    kind,
    points: SIZES.map((size, n) => [x(n), outcomeOf(growth, kind, size).cpu.median] as const),
    dots: true,
  }));
  const ticks = SIZES.map((size, n) => [x(n), size.toLocaleString('en')] as const);
  return { title, unit: 'µs; handlers or resources →', ticks, lines, top: roundUp(highest(lines)) };
}

function memoryPanel(memory: readonly MemoryPoint[]): Panel {
  const most = Math.max(...memory.map(({ tokens }) => tokens));
  const during = memory.filter(({ when }) => when === 'idle' || when.startsWith('after'));
  const line = (kind: Drawn, n: number): Line => ({
    kind,
    points: during.map(
      ({ tokens, growth }) => [tokens / most, Math.max(growth[n] ?? 0, 0)] as const,
    ),
    dots: false,
  });
  const lines = [line('open', 1), line('handlers', 0)];
  const ticks = [0, 0.5, 1].map((share) => [share, (share * most).toLocaleString('en')] as const);
  const top = roundUp(Math.max(highest(lines), 60 * 1.2));
  return {
    title: 'Memory above idle',
    unit: 'MiB; distinct tokens →',
    ticks,
    lines,
    top,
    limit: 60,
  };
}

function highest(lines: readonly Line[]): number {
  return Math.max(...lines.flatMap(({ points }) => points.map(([, value]) => value)));
}

/** Rounds up to a number that is easy to divide by four. */
function roundUp(value: number): number {
  const step = 10 ** Math.floor(Math.log10(value)) / 2.5;
  return Math.ceil(value / step) * step;
}

function drawPanel({ title, unit, ticks, lines, top, limit }: Panel, left: number): string {
  const x = (share: number) => (left + share * PLOT.width).toFixed(1);
  const y = (value: number) => (PLOT.top + PLOT.height * (1 - value / top)).toFixed(1);
  const rule = (value: number, style: string) =>
    `  <line class="${style}" x1="${x(0)}" x2="${x(1)}" y1="${y(value)}" y2="${y(value)}"/>`;
  const text = (dx: string, dy: string | number, words: string, more = '') =>
    `  <text x="${dx}" y="${dy}"${more}>${words}</text>`;
  const values = [0, 0.25, 0.5, 0.75, 1].map((share) => share * top);
  return [
    text(x(0), 66, title, ' class="title"'),
    text(x(0), 82, unit),
    ...values.map((value) => rule(value, 'grid')),
    ...values.map((value) =>
      text(String(left - 8), Number(y(value)) + 4, String(+value.toFixed(1)), ' text-anchor="end"'),
    ),
    ...(limit === undefined
      ? []
      : [rule(limit, 'limit'), text(x(0.02), Number(y(limit)) - 5, 'limit')]),
    ...ticks.map(([share, label]) =>
      text(x(share), PLOT.top + PLOT.height + 20, label, ' text-anchor="middle"'),
    ),
    ...lines.map(({ kind, points }) => {
      const path = points.map(([share, value]) => `${x(share)},${y(value)}`).join(' ');
      return `  <polyline class="${kind}" points="${path}"/>`;
    }),
    ...lines
      .filter(({ dots }) => dots)
      .flatMap(({ kind, points }) =>
        points.map(
          ([share, value]) =>
            `  <circle class="${kind}" cx="${x(share)}" cy="${y(value)}" r="3.5"/>`,
        ),
      ),
  ].join('\n');
}

function legend(): string {
  const entries: [Drawn, string][] = [
    ['open', 'no guard (memory: no token cache)'],
    ['handlers', 'protected handlers of one resource (memory: token cache)'],
    ['resources', 'protected resources'],
  ];
  const lefts = [56, 318, 706];
  return entries
    .map(([kind, words], n) => {
      const left = lefts[n] ?? 0;
      return `  <circle class="${kind}" cx="${left + 5}" cy="26" r="5"/>\n  <text x="${left + 17}" y="30">${words}</text>`;
    })
    .join('\n');
}
