import { at } from '../harness/at.js';
import type { Servers } from '../harness/contenders.js';
import { Requests } from '../harness/requests.js';
import type { Outcomes } from '../harness/outcome.js';
import { section, type Part } from '../harness/report.js';
import { allCheap, type Entrant } from '../harness/rounds.js';
import { opaqueToken } from '../harness/token-issuer.js';
import type { Comparison, Field } from './comparison.js';
import { ratioTable } from './ratio-table.js';

/** Where tokens are introspected. */
export const INTROSPECTING = 'ours-opaque';
const BASELINE = 'JWT';

/** A token that was introspected before, against a JWT that was verified before. */
export const opaqueTokens: Comparison = { entrants, report };

async function entrants({ issuer }: Field, servers: Servers): Promise<Entrant[]> {
  const introspecting = at(servers, INTROSPECTING);
  const jwt = Requests.withTokens(await issuer.mint({ algorithm: 'RS256', count: 1 }));
  const opaque = Requests.withTokens([opaqueToken()]);
  return allCheap([
    { name: BASELINE, server: at(servers, 'ours'), requests: jwt },
    { name: 'opaque token', server: introspecting, requests: opaque, baseline: BASELINE },
    {
      name: 'JWT where tokens are introspected',
      server: introspecting,
      requests: jwt,
      baseline: BASELINE,
    },
  ]);
}

function report(outcomes: Outcomes): Part {
  const { median } = at(outcomes, 'opaque token').ratio;
  return {
    text: section(
      'Tokens that were seen before, opaque ones too (Express)',
      ratioTable(outcomes, BASELINE),
    ),
    targets: [
      {
        what: "Opaque token seen before, throughput of a JWT's",
        wanted: '≥ 0.9',
        seen: median.toFixed(3),
        met: median >= 0.9,
      },
    ],
  };
}
