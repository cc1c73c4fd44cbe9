import { OBSERVED, type Observer } from '../contenders/contender.js';
import { at } from '../harness/at.js';
import { Requests } from '../harness/requests.js';
import { section, show, table, type Part } from '../harness/report.js';
import { allCheap, inStarts, type Effort, type Entrant } from '../harness/rounds.js';
import { Server } from '../harness/server.js';
import type { TokenIssuer } from '../harness/token-issuer.js';

const OBSERVERS: Record<string, Observer | undefined> = {
  'no observer': undefined,
  'no observer, in a second process': undefined,
  'a listener of `McpAuthEvents`': 'listener',
  'a subscriber of `node:diagnostics_channel`': 'channel',
  '`McpAuthTelemetryModule`, without an SDK': 'telemetry',
  '`McpAuthTelemetryModule`, with an SDK': 'sdk',
};
const [NOTHING = ''] = Object.keys(OBSERVERS);
const REQUESTS = ['token seen before', 'no token'] as const;
type Kind = (typeof REQUESTS)[number];
const nameOf = (kind: Kind, label: string) => `${kind}, ${label}`;

/** Measures what it costs to observe the decisions of the guard. */
export async function observers(issuer: TokenIssuer, effort: Effort): Promise<Part> {
  const outcomes = await inStarts(() => start(issuer), effort);
  const rows = REQUESTS.flatMap((kind) =>
    Object.keys(OBSERVERS).map((label) => {
      const { perSecond, cpu, above } = at(outcomes, nameOf(kind, label));
      const more = label === NOTHING ? '' : show(above, 1);
      return [kind, label, perSecond.median.toFixed(0), show(cpu, 1), more];
    }),
  );
  return {
    text: section(
      'Observers (RS256, one token, Express)',
      'Two processes have no observer: the difference between them is noise. The SDK samples each span. Its exporters only count, so the figures do not include serializing and sending.',
      table(['', '', 'requests/s', 'CPU µs/request', 'CPU µs above no observer'], rows),
    ),
    targets: [],
  };
}

async function start(issuer: TokenIssuer): Promise<Entrant[]> {
  const [token = ''] = await issuer.mint({ algorithm: 'RS256', count: 1 });
  const requests: Record<Kind, Requests> = {
    'token seen before': Requests.withTokens([token]),
    'no token': new Requests([Requests.get('/notes')], 401),
  };
  const started = Object.entries(OBSERVERS).map(async ([label, observer]) => {
    const setup = { ...issuer.setup, keepTokensFor: 3600, observer };
    const server = await Server.start('ours-observed', setup);
    await check(server, requests, observer);
    return REQUESTS.map((kind) => {
      const name = nameOf(kind, label);
      return { name, server, requests: requests[kind], baseline: nameOf(kind, NOTHING) };
    });
  });
  return allCheap((await Promise.all(started)).flat());
}

/** Checks that an observer sees every decision, and that nothing is counted without one. */
async function check(
  server: Server,
  requests: Record<Kind, Requests>,
  observer: Observer | undefined,
): Promise<void> {
  for (const kind of REQUESTS) {
    const { status } = await server.one(requests[kind].next());
    if (status !== requests[kind].status) {
      throw new Error(
        `The server answers a request with ${kind} with ${status}. The run ends here.`,
      );
    }
  }
  const { body } = await server.one(Requests.get(OBSERVED));
  // Without an SDK, the reports of the telemetry module go nowhere and cannot be counted.
  const wanted = observer === undefined || observer === 'telemetry' ? 0 : REQUESTS.length;
  if (Number(body) !== wanted) {
    throw new Error(
      `The observer (${observer ?? 'none'}) saw ${body} decisions, not ${wanted}. The run ends here.`,
    );
  }
}
