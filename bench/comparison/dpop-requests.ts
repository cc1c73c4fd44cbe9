import { at } from '../harness/at.js';
import { DpopClient } from '../harness/dpop-client.js';
import { Requests } from '../harness/requests.js';
import { section, show, table, type Part } from '../harness/report.js';
import { RedisServer } from '../harness/redis-server.js';
import { allCheap, inStarts, type Effort, type Entrant } from '../harness/rounds.js';
import { Server } from '../harness/server.js';
import type { TokenIssuer } from '../harness/token-issuer.js';

const OPEN = 'open route';
const BEARER = 'Bearer token, seen before';
const IN_MEMORY = 'DPoP, a new proof with each request, memory';
const IN_REDIS = 'DPoP, a new proof with each request, Redis';

/** Measures requests with a DPoP-bound token. Each request has a new proof. */
export async function dpopRequests(issuer: TokenIssuer, effort: Effort): Promise<Part> {
  const redis = RedisServer.isInstalled() ? await RedisServer.start() : undefined;
  const outcomes = await inStarts(() => start(issuer, redis?.port), effort);
  await redis?.stop();
  const rows = [OPEN, BEARER, IN_MEMORY, ...(redis ? [IN_REDIS] : [])].map((name) => {
    const { perSecond, cpu, above } = at(outcomes, name);
    const more = name === OPEN ? '' : show(above, 1);
    return [name, perSecond.median.toFixed(0), show(cpu, 1), more];
  });
  const skipped = redis ? [] : ['Redis was not measured, because redis-server is not installed.'];
  return {
    text: section(
      'DPoP-bound tokens (RS256 tokens, ES256 proofs, Express)',
      'The load generator signs the proofs before each slice. The CPU time is that of the application, without Redis.',
      table(['', 'requests/s', 'CPU µs/request', 'CPU µs above the open route'], rows),
      ...skipped,
    ),
    targets: [],
  };
}

async function start(issuer: TokenIssuer, redisPort: number | undefined): Promise<Entrant[]> {
  const setup = { ...issuer.setup, keepTokensFor: 3600 };
  const client = new DpopClient();
  const order = { algorithm: 'RS256' as const, count: 1 };
  const [bound = ''] = await issuer.mint({ ...order, jkt: client.jkt });
  const plain = Requests.withTokens(await issuer.mint(order));
  const open = await Server.start('open', setup);
  const inMemory = await Server.start('ours-dpop', setup);
  const entrants: Entrant[] = [
    { name: OPEN, server: open, requests: plain },
    { name: BEARER, server: inMemory, requests: plain, baseline: OPEN },
    { name: IN_MEMORY, server: inMemory, requests: client.requests(bound), baseline: OPEN },
  ];
  await checkProofs(inMemory, client, bound);
  if (redisPort !== undefined) {
    const server = await Server.start('ours-dpop', { ...setup, redisPort });
    await checkProofs(server, client, bound);
    const requests = client.requests(bound);
    entrants.push({ name: IN_REDIS, server, requests, baseline: OPEN });
  }
  return allCheap(entrants);
}

/** Checks that the server requires a proof and accepts it only once. */
async function checkProofs(server: Server, client: DpopClient, token: string): Promise<void> {
  const request = client.request(token, client.proof(token));
  const first = await server.one(request);
  const again = await server.one(request);
  const bare = await server.one(Requests.withTokens([token]).next());
  if (first.status !== 200 || again.status !== 401 || bare.status !== 401) {
    throw new Error(
      `The server answers a proof with ${first.status}, the same proof again with ${again.status}, and a bound token without a proof with ${bare.status}. The run ends here.`,
    );
  }
}
