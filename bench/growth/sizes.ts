import { resourceOf } from '../contenders/sized.js';
import { SCOPE, type Size } from '../contenders/contender.js';
import { at } from '../harness/at.js';
import { Requests } from '../harness/requests.js';
import { section, show, table, type Target } from '../harness/report.js';
import type { Outcome, Outcomes } from '../harness/outcome.js';
import { inStarts, type Effort, type Entrant } from '../harness/rounds.js';
import { Server } from '../harness/server.js';
import type { TokenIssuer } from '../harness/token-issuer.js';

export const SIZES = [1, 10, 100, 1000];
const TOKENS = 1000;
export const ADAPTERS = ['express', 'fastify'] as const;
type Adapter = (typeof ADAPTERS)[number];

/**
 * The kinds of applications: without the module, with a guard that accepts everything, with handlers of one
 * protected resource, and with a protected resource for each handler.
 */
const KINDS = ['open', 'bare', 'handlers', 'resources'] as const;
export type Kind = (typeof KINDS)[number];

const GUARDS = { open: 'none', bare: 'bare', handlers: 'ours', resources: 'ours' } as const;

export const outcomeOf = (growth: Outcomes, kind: Kind, size: number): Outcome =>
  at(growth, `${kind} ${size}`);

/** Measures requests that go to all handlers of an application in turn. Each request has its own token. */
export function measureGrowth(
  adapter: Adapter,
  issuer: TokenIssuer,
  effort: Effort,
): Promise<Outcomes> {
  return inStarts(() => startAll(adapter, issuer), effort);
}

async function startAll(adapter: Adapter, issuer: TokenIssuer): Promise<Entrant[]> {
  const entrants: Entrant[] = [];
  for (const count of SIZES) {
    entrants.push(
      ...(await Promise.all(KINDS.map((kind) => entrant(kind, count, adapter, issuer)))),
    );
  }
  return entrants;
}

async function entrant(
  kind: Kind,
  handlers: number,
  adapter: Adapter,
  issuer: TokenIssuer,
): Promise<Entrant> {
  const resources = kind === 'resources' ? handlers : 1;
  const size: Size = { resources, handlers, adapter, guard: GUARDS[kind] };
  const server = await Server.start('sized', { ...issuer.setup, size });
  return {
    name: `${kind} ${handlers}`,
    server,
    requests: await requestsTo(size, issuer),
    baseline: `open ${handlers}`,
    remembers: true,
  };
}

/** Uses the same number of tokens at every size, because more tokens alone already cost more. */
async function requestsTo(size: Size, issuer: TokenIssuer): Promise<Requests> {
  const order = { algorithm: 'ES256' as const, count: TOKENS / size.resources, scope: SCOPE };
  const tokens = new Map<string, string[]>();
  for (let handler = 0; handler < size.resources; handler++) {
    const audience = resourceOf(handler, size);
    tokens.set(audience, await issuer.mint({ ...order, audience }));
  }
  const buffers = [...Array(TOKENS).keys()].map((n) => {
    const handler = n % size.handlers;
    const token = at(tokens, resourceOf(handler, size)).pop();
    return Requests.get(`/notes/${handler}`, { Authorization: `Bearer ${token}` });
  });
  return new Requests(buffers, 200);
}

export function growthSection(adapter: Adapter, growth: Outcomes): string {
  const rows = SIZES.map((size) => [
    String(size),
    show(outcomeOf(growth, 'open', size).cpu, 1),
    ...(['bare', 'handlers', 'resources'] as const).flatMap((kind) => {
      const { cpu, above } = outcomeOf(growth, kind, size);
      return [show(cpu, 1), above.median.toFixed(1)];
    }),
  ]);
  return section(
    `From 1 to 1,000 on ${adapter === 'express' ? 'Express' : 'Fastify'}, CPU µs/request`,
    `Requests go to all handlers in turn, with ${TOKENS} tokens at every size. All columns include the time that the router of Express or Fastify needs for so many routes. All but the first include the time that Nest needs for a guard and a parameter.`,
    table(
      [
        ...['', 'open', 'a guard that accepts everything', 'above open'],
        ...['protected handlers', 'above open', 'protected resources', 'above open'],
      ],
      rows,
    ),
  );
}

/**
 * Returns targets for the growth of the cost above the open application of the same size. The growth is a share
 * of the whole cost of the smallest application.
 */
export function growthTargets(adapter: Adapter, growth: Outcomes): Target[] {
  return (['handlers', 'resources'] as const).map((kind) => {
    const [first, last] = [SIZES[0] ?? 1, SIZES.at(-1) ?? 1];
    const small = outcomeOf(growth, kind, first);
    const large = outcomeOf(growth, kind, last);
    const share = (large.above.median - small.above.median) / small.cpu.median;
    return {
      what: `Cost per request, ${last} protected ${kind} compared with ${first}, ${adapter}`,
      wanted: 'within 10 %',
      seen: `${share < 0 ? '' : '+'}${(share * 100).toFixed(1)} %`,
      met: share <= 0.1,
    };
  });
}
