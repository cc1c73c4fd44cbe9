import { at } from '../harness/at.js';
import type { Servers } from '../harness/contenders.js';
import { Requests } from '../harness/requests.js';
import type { Outcomes } from '../harness/outcome.js';
import { section, type Part } from '../harness/report.js';
import { allCheap, type Entrant } from '../harness/rounds.js';
import { opaqueToken } from '../harness/token-issuer.js';
import type { Comparison, Field } from './comparison.js';
import { ratioTable } from './ratio-table.js';

/** The contender that introspects opaque tokens. */
export const INTROSPECTING = 'ours-opaque';
const BASELINE = 'JWT';

/** Compares an opaque token whose introspection is cached with a JWT that is cached. */
export const opaqueTokens: Comparison = { entrants, report };

async function entrants({ issuer }: Field, servers: Servers): Promise<Entrant[]> {
  const introspecting = at(servers, INTROSPECTING);
  const jwt = Requests.withTokens(await issuer.mint({ algorithm: 'RS256', count: 1 }));
  const opaque = Requests.withTokens([opaqueToken()]);
  return allCheap([
    { name: BASELINE, server: at(servers, 'ours'), requests: jwt },
    { name: 'opaque token', server: introspecting, requests: opaque, baseline: BASELINE },
    {
      name: 'JWT, with introspection configured',
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
      'JWTs and opaque tokens that were seen before (Express)',
      ratioTable(outcomes, BASELINE),
    ),
    targets: [
      {
        what: 'Opaque token seen before, throughput ÷ JWT',
        wanted: '≥ 0.9',
        seen: median.toFixed(3),
        met: median >= 0.9,
      },
    ],
  };
}
