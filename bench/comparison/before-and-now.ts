import { at } from '../harness/at.js';
import { isCheap, type Description, type Servers } from '../harness/contenders.js';
import { Requests } from '../harness/requests.js';
import { spreadOf, timesTheLeast, type Outcomes } from '../harness/outcome.js';
import { section, show, table, type Part } from '../harness/report.js';
import type { Entrant } from '../harness/rounds.js';
import type { Comparison, Field } from './comparison.js';

const PARTS = ['open', 'open-fastify', 'caching-guard', 'caching-guard-fastify', 'jose-guard'];
const OURS = ['ours', 'ours-fastify', 'ours-first-sight'];
const DISTINCT = 500;
const before = (name: string) => `${name}, before`;

/** This library, the one of an earlier build, and what they are held against. */
export function withEarlier(all: readonly Description[], build: URL): Description[] {
  const isNeeded = ({ name }: Description) => [...PARTS, ...OURS].includes(name);
  const earlier = (now: Description): Description => {
    const label = `${now.label}, before`;
    return { ...now, name: before(now.name), contender: now.name, label, build };
  };
  const needed = all.filter(isNeeded);
  return [...needed, ...needed.filter(({ name }) => OURS.includes(name)).map(earlier)];
}

/** What one request costs, here and before, in the same rounds. */
interface Row {
  label: string;
  contender: string;
  least?: string;
}

/** Tokens that were seen before, on both adapters. */
export function seenBeforeAndNow(tokens: number): Comparison {
  const rows: Row[] = [
    { label: 'Express', contender: 'ours', least: 'caching-guard' },
    { label: 'Fastify', contender: 'ours-fastify', least: 'caching-guard-fastify' },
  ];
  return {
    async entrants({ contenders, issuer }, servers) {
      const requests = Requests.withTokens(
        await issuer.mint({ algorithm: 'RS256', count: tokens }),
      );
      return contenders.filter(isCheap).map((contender) => {
        return { ...contender, server: at(servers, contender.name), requests, isCheap: true };
      });
    },
    report: (outcomes) =>
      report(`Seen before, ${tokens === 1 ? 'one token' : `${tokens} tokens`}`, rows, outcomes),
  };
}

const NO_TOKEN = 'no token';
const BAD_SIGNATURE = 'bad signature';

/** New tokens and rejected requests, on Express. */
export const rejectedBeforeAndNow: Comparison = {
  entrants: rejectedEntrants,
  report: (outcomes) =>
    report(
      'First sight and rejected requests (Express)',
      [
        { label: 'first sight', contender: 'ours-first-sight', least: 'jose-guard' },
        { label: NO_TOKEN, contender: NO_TOKEN },
        { label: BAD_SIGNATURE, contender: BAD_SIGNATURE, least: 'jose-guard, bad signature' },
      ],
      outcomes,
    ),
};

async function rejectedEntrants({ issuer }: Field, servers: Servers): Promise<Entrant[]> {
  const order = { algorithm: 'RS256' as const, count: DISTINCT };
  const good = Requests.withTokens(await issuer.mint(order));
  const bad = Requests.withTokens(await issuer.mint({ ...order, forged: true }), 401);
  const none = new Requests([Requests.get('/notes')], 401);
  const entrant = (name: string, server: string, requests: Requests): Entrant => {
    return { name, server: at(servers, server), requests, baseline: 'open' };
  };
  const each = (name: string, server: string, requests: Requests): Entrant[] => [
    entrant(name, server, requests),
    entrant(before(name), before(server), requests),
  ];
  return [
    { name: 'open', server: at(servers, 'open'), requests: good, isCheap: true },
    ...each('ours-first-sight', 'ours-first-sight', good),
    entrant('jose-guard', 'jose-guard', good),
    ...each(NO_TOKEN, 'ours', none).map((cheap) => ({ ...cheap, isCheap: true })),
    ...each(BAD_SIGNATURE, 'ours', bad),
    entrant('jose-guard, bad signature', 'jose-guard', bad),
  ];
}

function report(title: string, rows: readonly Row[], outcomes: Outcomes): Part {
  const cells = rows.map(({ label, contender, least }) => {
    const [old, now] = [at(outcomes, before(contender)), at(outcomes, contender)];
    const floor = least === undefined ? undefined : at(outcomes, least);
    return [
      label,
      show(old.above, 1),
      show(now.above, 1),
      show(
        spreadOf(now.samples, old.samples, (one, other) => one.cpu - other.cpu),
        1,
      ),
      show(
        spreadOf(now.samples, old.samples, (one, other) => one.cpu / other.cpu),
        3,
      ),
      floor === undefined ? '' : show(floor.above, 1),
      floor === undefined ? '' : timesTheLeast(old, floor).toFixed(2),
      floor === undefined ? '' : timesTheLeast(now, floor).toFixed(2),
    ];
  });
  const head = [
    'CPU µs above the open route',
    'before',
    'now',
    'now − before',
    'all of the CPU time, now ÷ before',
    'the least that does it',
    'before, times the least',
    'now, times the least',
  ];
  return { text: section(title, table(head, cells)), targets: [] };
}
