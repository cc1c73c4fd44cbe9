import { at } from '../harness/at.js';
import { RESOURCE } from '../contenders/contender.js';
import { Requests } from '../harness/requests.js';
import type { Outcomes } from '../harness/outcome.js';
import { section, type Part } from '../harness/report.js';
import { allCheap, type Entrant } from '../harness/rounds.js';
import type { Servers } from '../harness/contenders.js';
import type { Comparison, Field } from './comparison.js';
import { ratioTable } from './ratio-table.js';

const PATH = `/.well-known/oauth-protected-resource${new URL(RESOURCE).pathname}`;
const BASELINE = 'static Nest route';

/** Compares the protected resource metadata with the same document from a static Nest route. */
export const metadataRoute: Comparison = { entrants, report };

async function entrants(_field: Field, servers: Servers): Promise<Entrant[]> {
  const open = at(servers, 'open');
  const ours = at(servers, 'ours');
  const published = await ours.one(Requests.get(PATH));
  const document = await open.one(Requests.get('/document'));
  if (published.body !== document.body) {
    throw new Error(
      `contenders/open.ts serves ${document.body}, but the module serves ${published.body}. Make them equal.`,
    );
  }
  const tag = /\r\netag: ([^\r]+)/i.exec(published.head)?.[1] ?? '';
  const requested = new Requests([Requests.get(PATH)], 200);
  const requestedAgain = new Requests([Requests.get(PATH, { 'If-None-Match': tag })], 304);
  return allCheap([
    { name: BASELINE, server: open, requests: new Requests([Requests.get('/document')], 200) },
    { name: 'metadata, 200', server: ours, requests: requested, baseline: BASELINE },
    { name: 'metadata, 304', server: ours, requests: requestedAgain, baseline: BASELINE },
  ]);
}

function report(outcomes: Outcomes): Part {
  const full = at(outcomes, 'metadata, 200');
  const notModified = at(outcomes, 'metadata, 304');
  return {
    text: section('Protected resource metadata (Express)', ratioTable(outcomes, 'static route')),
    targets: [
      {
        what: 'Metadata document, throughput ÷ static Nest route',
        wanted: '≥ 0.97',
        seen: full.ratio.median.toFixed(3),
        met: full.ratio.median >= 0.97,
      },
      {
        what: 'Metadata document, 304 compared with 200',
        wanted: 'cheaper',
        seen: `${notModified.cpu.median.toFixed(1)} µs and ${full.cpu.median.toFixed(1)} µs`,
        met: notModified.cpu.median < full.cpu.median,
      },
    ],
  };
}
