import { at } from '../harness/at.js';
import { Requests } from '../harness/load.js';
import { section, type Part } from '../harness/report.js';
import { allCheap, inRounds, type Entrant } from '../harness/rounds.js';
import { Server } from '../harness/server.js';
import { opaqueToken } from '../harness/token-issuer.js';
import type { Comparison } from './comparison.js';
import { ratioTable } from './ratio-table.js';

/** A token that was introspected before, against a JWT that was verified before. */
export async function compareOpaqueToken({ servers, issuer, effort }: Comparison): Promise<Part> {
  const ours = servers.get('ours');
  if (!ours) {
    return { text: '', targets: [] };
  }
  const introspecting = await Server.start('ours-opaque', issuer.setup);
  const jwt = Requests.withTokens(await issuer.mint({ algorithm: 'RS256', count: 1 }));
  const opaque = Requests.withTokens([opaqueToken()]);
  await introspecting.measure(opaque, effort.warmUp);
  const baseline = 'JWT';
  const entrants: Entrant[] = [
    { name: baseline, server: ours, requests: jwt },
    { name: 'opaque token', server: introspecting, requests: opaque, baseline },
    { name: 'JWT where tokens are introspected', server: introspecting, requests: jwt, baseline },
  ];
  const outcomes = await inRounds(allCheap(entrants), effort);
  await introspecting.stop();
  const { median } = at(outcomes, 'opaque token').ratio;
  return {
    text: section(
      'Tokens that were seen before, opaque ones too (Express)',
      ratioTable(outcomes, baseline),
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
