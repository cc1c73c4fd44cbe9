import { at } from '../harness/at.js';
import type { Servers } from '../harness/contenders.js';
import { Requests } from '../harness/requests.js';
import { timesTheLeast, type Outcomes } from '../harness/outcome.js';
import { section, show, table, type Part } from '../harness/report.js';
import type { Entrant } from '../harness/rounds.js';
import { malformedToken, withUnknownKeyId } from '../harness/token-issuer.js';
import type { Comparison, Field } from './comparison.js';
import { besideTheLeast } from './peer-targets.js';

const DISTINCT = 500;
const ALLOWED = 'new token';
const REFUSED = ['no token', 'malformed token', 'unknown key id', 'bad signature'] as const;
const FLOOR = 'for a guard that only verifies with jose';

/** The limits of the cost, as multiples of that of a guard that only verifies. */
const LEAST = [
  { name: ALLOWED, most: 1.1 },
  { name: 'bad signature', most: 1.15 },
];

/** Compares rejected requests with requests that bring a new, valid token. */
export const refusals: Comparison = { entrants, report };

async function entrants({ issuer }: Field, servers: Servers): Promise<Entrant[]> {
  const order = { algorithm: 'RS256' as const, count: DISTINCT };
  const tokens = await issuer.mint(order);
  const forged = await issuer.mint({ ...order, forged: true });
  const good = Requests.withTokens(tokens);
  const requests: Record<(typeof REFUSED)[number], Requests> = {
    'no token': new Requests([Requests.get('/notes')], 401),
    'malformed token': Requests.withTokens(tokens.map(malformedToken), 401),
    'unknown key id': Requests.withTokens(tokens.map(withUnknownKeyId), 401),
    'bad signature': Requests.withTokens(forged, 401),
  };
  const baseline = 'open';
  const [ours, joseGuard] = [at(servers, 'ours'), at(servers, 'jose-guard')];
  const refused = REFUSED.map((name) => {
    const isCheap = name === 'no token';
    return { name, server: ours, requests: requests[name], baseline, isCheap };
  });
  const bad = requests['bad signature'];
  return [
    { name: baseline, server: at(servers, baseline), requests: good, isCheap: true },
    { name: ALLOWED, server: at(servers, 'ours-first-sight'), requests: good, baseline },
    ...refused,
    { name: `${ALLOWED}, ${FLOOR}`, server: joseGuard, requests: good, baseline },
    { name: `bad signature, ${FLOOR}`, server: joseGuard, requests: bad, baseline },
  ];
}

function report(outcomes: Outcomes): Part {
  const allowed = at(outcomes, ALLOWED).above.median;
  const rows = [...outcomes.values()].slice(1).map(({ name, perSecond, above }) => {
    const least = outcomes.get(`${name}, ${FLOOR}`);
    const times = least && timesTheLeast(at(outcomes, name), least).toFixed(2);
    return [name, perSecond.median.toFixed(0), show(above, 1), times ?? ''];
  });
  return {
    text: section(
      'Rejected requests (RS256, Express)',
      table(['', 'requests/s', 'CPU µs above the open route', 'times the minimal guard'], rows),
    ),
    targets: [
      ...REFUSED.map((name) => {
        const { median } = at(outcomes, name).above;
        return {
          what: `Rejected: ${name}`,
          wanted: `cheaper than a new token (${allowed.toFixed(1)} µs)`,
          seen: `${median.toFixed(1)} µs`,
          met: median < allowed,
        };
      }),
      ...LEAST.flatMap(({ name, most }) =>
        besideTheLeast(outcomes.get(name), outcomes.get(`${name}, ${FLOOR}`), {
          what: `${name}, compared with a guard that only verifies with jose`,
          most,
        }),
      ),
    ],
  };
}
