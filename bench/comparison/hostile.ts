import { Requests } from '../harness/requests.js';
import { section, table, type Part } from '../harness/report.js';
import { Server } from '../harness/server.js';
import { spread } from '../harness/statistics.js';
import type { TokenIssuer } from '../harness/token-issuer.js';
import { BODIES, times } from './hostile-bodies.js';

type Sender = 'no token' | 'no token, optional' | 'forged token' | 'valid token';

/** The scopes that a token may hold, but for the two that each has. */
const SCOPES = 998;

/** What the library may take of the event loop, in milliseconds. */
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
/** Does nothing but wait while the body is alive, as each handler does whose guard verifies a token. */
const VERIFYING: Contender = {
  name: 'forged token, an open handler and jose alone',
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
  /** Above those of the open handler. */
  milliseconds: number;
  status: number;
}

/** What requests take that are made to take long, beyond the body parser and an open handler. */
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
    console.log(`Measured next: ${body}.`);
    results.set(body, await measure(server, make(), tokens, rounds));
  }
  await server.stop();
  return report(results);
}

/**
 * One request at a time, so that what passes is event loop. They take turns, and each round starts with
 * another, so that the garbage of one is not always collected during the same other. The first round is
 * thrown away.
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
      'Requests made to take long (Express)',
      'Milliseconds of CPU time between the body parser and the end of the answer, above those of an open handler, and the status. The endpoint has 100 URI templates and 100 tools of 50 choices; the tokens have 1,000 scopes.',
      table(['Body', ...CONTENDERS.slice(1).map(({ name }) => name)], cells),
    ),
    targets,
  };
}
