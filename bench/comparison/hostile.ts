import { Requests } from '../harness/requests.js';
import { section, table, type Part } from '../harness/report.js';
import { Server } from '../harness/server.js';
import { spread } from '../harness/statistics.js';
import type { TokenIssuer } from '../harness/token-issuer.js';
import { BODIES, times } from './hostile-bodies.js';

type Sender = 'no token' | 'no token, optional' | 'forged token' | 'valid token';

/** The number of scopes of a token besides `openid` and `profile`. The library reads at most 1,000. */
const SCOPES = 998;

/** The limit of the library's CPU time in milliseconds, by sender. */
const LIMITS: Record<Sender, number> = {
  'no token': 2,
  'no token, optional': 2,
  'forged token': 2,
  'valid token': 5,
};
const SENDERS = Object.keys(LIMITS) as Sender[];

interface Contender {
  name: string;
  path: string;
  token?: Sender;
}

const OPEN: Contender = { name: 'open handler', path: '/open' };
/** Only waits while the body is in memory, like every handler behind a guard that verifies a token. */
const VERIFYING: Contender = {
  name: 'forged token, an open handler that verifies with jose',
  path: '/verify',
  token: 'forged token',
};
const CONTENDERS: readonly Contender[] = [
  OPEN,
  VERIFYING,
  ...SENDERS.map((name) => ({
    name,
    path: name.endsWith('optional') ? '/optional' : '/mcp',
    token: name,
  })),
];

interface Outcome {
  contender: Contender;
  /** The CPU time above that of the open handler. */
  milliseconds: number;
  status: number;
}

/** Measures the CPU time of hostile requests, without that of the body parser and an open handler. */
export async function hostileRequests(issuer: TokenIssuer, rounds: number): Promise<Part> {
  const server = await Server.start('hostile', issuer.setup);
  const order = {
    algorithm: 'RS256' as const,
    count: 1,
    scope: times(SCOPES, (at) => `s${at}`).join(' '),
  };
  const [valid = ''] = await issuer.mint(order);
  const [forged = ''] = await issuer.mint({ ...order, forged: true });
  const tokens: Partial<Record<Sender, string>> = { 'valid token': valid, 'forged token': forged };
  const results = new Map<string, Outcome[]>();
  for (const [body, make] of Object.entries(BODIES)) {
    console.log(`Measuring: ${body}.`);
    results.set(body, await measure(server, make(), tokens, rounds));
  }
  await server.stop();
  return report(results);
}

/**
 * Sends one request at a time, so that the CPU time is that of this request. The contenders take turns, and each
 * round starts with another one. Otherwise the garbage of one contender could always be collected during the
 * request of the same other contender. The first round is discarded.
 */
async function measure(
  server: Server,
  body: string,
  tokens: Partial<Record<Sender, string>>,
  rounds: number,
): Promise<Outcome[]> {
  const entrants = CONTENDERS.map((contender) => {
    const { path, token } = contender;
    const value = token && tokens[token];
    const headers: Record<string, string> =
      value === undefined ? {} : { Authorization: `Bearer ${value}` };
    const request = Requests.post(path, body, headers);
    return { contender, request, status: 0, taken: [] as number[] };
  });
  for (let round = 0; round < rounds + 1; round++) {
    const first = round % entrants.length;
    for (const entrant of [...entrants.slice(first), ...entrants.slice(0, first)]) {
      const { status } = await server.one(entrant.request);
      const answer = await server.one(Requests.get('/taken'));
      entrant.status = status;
      entrant.taken.push(...(JSON.parse(answer.body) as number[]));
    }
  }
  const outcomes = entrants.map(({ contender, status, taken }) => ({
    contender,
    status,
    milliseconds: spread(taken.slice(1)).median,
  }));
  const open = outcomes[0]?.milliseconds ?? NaN;
  return outcomes
    .slice(1)
    .map((outcome) => ({ ...outcome, milliseconds: outcome.milliseconds - open }));
}

function report(results: ReadonlyMap<string, readonly Outcome[]>): Part {
  const cells = [...results].map(([body, outcomes]) => [
    body,
    ...outcomes.map(({ milliseconds, status }) => `${milliseconds.toFixed(2)} (${status})`),
  ]);
  const outcomes = [...results.values()].flat();
  const targets = SENDERS.map((sender) => {
    const worst = Math.max(
      ...outcomes
        .filter(({ contender }) => contender.name === sender)
        .map(({ milliseconds }) => milliseconds),
    );
    return {
      what: `The worst request: ${sender}`,
      wanted: `≤ ${LIMITS[sender]} ms`,
      seen: `${worst.toFixed(2)} ms`,
      met: worst <= LIMITS[sender],
    };
  });
  return {
    text: section(
      'Hostile requests (Express)',
      'CPU time in milliseconds from the body parser to the end of the response, above that of an open handler. The status is in brackets. The endpoint has 100 URI templates, and 100 tools with 50 alternatives each. The tokens have 1,000 scopes.',
      table(['Body', ...CONTENDERS.slice(1).map(({ name }) => name)], cells),
    ),
    targets,
  };
}
