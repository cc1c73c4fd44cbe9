import { at } from '../harness/at.js';
import { Requests } from '../harness/load.js';
import { section, show, table, type Part } from '../harness/report.js';
import { inRounds, type Entrant } from '../harness/rounds.js';
import { malformedToken, withUnknownKeyId } from '../harness/token-issuer.js';
import type { Comparison } from './comparison.js';

const DISTINCT = 500;
const FLOOR = 'for a guard that only verifies with jose';

/** What strangers cost, against what a newcomer costs. */
export async function compareRefusals({ servers, issuer, effort }: Comparison): Promise<Part> {
  const [open, ours, firstSight, joseGuard] = [
    'open',
    'ours',
    'ours-first-sight',
    'jose-guard',
  ].map((name) => servers.get(name));
  if (!open || !ours || !firstSight || !joseGuard) {
    return { text: '', targets: [] };
  }
  const order = { algorithm: 'RS256' as const, count: DISTINCT };
  const good = await issuer.mint(order);
  const forged = await issuer.mint({ ...order, forged: true });
  const baseline = 'open';
  const refused: Entrant[] = [
    {
      name: 'no token',
      server: ours,
      requests: new Requests([Requests.get('/notes')], 401),
      baseline,
      isCheap: true,
    },
    ...Object.entries({
      'malformed token': good.map(malformedToken),
      'unknown key id': good.map(withUnknownKeyId),
      'bad signature': forged,
    }).map(([name, tokens]) => {
      return { name, server: ours, requests: Requests.withTokens(tokens, 401), baseline };
    }),
  ];
  const entrants: Entrant[] = [
    { name: 'open', server: open, requests: Requests.withTokens(good), isCheap: true },
    { name: 'first sight', server: firstSight, requests: Requests.withTokens(good), baseline },
    ...refused,
    {
      name: `first sight, ${FLOOR}`,
      server: joseGuard,
      requests: Requests.withTokens(good),
      baseline,
    },
    {
      name: `bad signature, ${FLOOR}`,
      server: joseGuard,
      requests: Requests.withTokens(forged, 401),
      baseline,
    },
  ];
  const outcomes = await inRounds(entrants, effort);
  const allowed = at(outcomes, 'first sight').above.median;
  const rows = entrants.slice(1).map(({ name }) => {
    const { perSecond, above } = at(outcomes, name);
    return [name, perSecond.median.toFixed(0), show(above, 1)];
  });
  return {
    text: section(
      'Refused requests (RS256, Express)',
      table(['', 'requests/s', 'CPU µs above the open route'], rows),
    ),
    targets: refused.map(({ name }) => {
      const { median } = at(outcomes, name).above;
      return {
        what: `Refused: ${name}`,
        wanted: `cheaper than first sight (${allowed.toFixed(1)} µs)`,
        seen: `${median.toFixed(1)} µs`,
        met: median < allowed,
      };
    }),
  };
}
