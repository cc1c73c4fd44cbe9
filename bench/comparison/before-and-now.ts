import { at } from '../harness/at.js';
import { isCheap, type Description, type Servers } from '../harness/contenders.js';
import { Requests } from '../harness/requests.js';
import { spreadOf, timesTheLeast, type Outcomes } from '../harness/outcome.js';
import { section, show, table, type Part } from '../harness/report.js';
import type { Entrant } from '../harness/rounds.js';
import type { Comparison, Field } from './comparison.js';

/** The minimal guard that rejects a forged token. */
const FORGERY_REFUSED_BY = 'jose-guard';
export const OURS = ['ours', 'ours-fastify', 'ours-first-sight'];
const DISTINCT = 500;
const before = (name: string) => `${name}, before`;

/**
 * Returns the contenders of this library, those of an earlier build, and those that both are compared with.
 *
 * @param only - one contender of this library. Default: all of them
 */
export function withEarlier(all: readonly Description[], build: URL, only?: string): Description[] {
  const ours = all.filter(({ name }) => (only === undefined ? OURS.includes(name) : name === only));
  const parts = ours.flatMap(({ baseline, least }) => [baseline, least]);
  const isNeeded = ({ name }: Description) => [FORGERY_REFUSED_BY, ...parts].includes(name);
  const earlier = (now: Description): Description => {
    const label = `${now.label}, before`;
    return { ...now, name: before(now.name), contender: now.name, label, build };
  };
  return [...all.filter(isNeeded), ...ours, ...ours.map(earlier)];
}

/** The cost of one kind of request with both libraries, in the same rounds. */
interface Row {
  label: string;
  contender: string;
  least?: string;
}

/** A comparison of this library with an earlier one. */
export interface BeforeAndNow extends Comparison {
  /** The contenders that are compared with their earlier builds. */
  of: readonly string[];
}

/** Compares tokens that were seen before, on both adapters. */
export function seenBeforeAndNow(tokens: number): BeforeAndNow {
  const rows: Row[] = [
    { label: 'Express', contender: 'ours', least: 'caching-guard' },
    { label: 'Fastify', contender: 'ours-fastify', least: 'caching-guard-fastify' },
  ];
  return {
    of: ['ours', 'ours-fastify'],
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

/** Compares new tokens, on Express. */
export const firstSightBeforeAndNow: BeforeAndNow = {
  of: ['ours-first-sight'],
  async entrants({ issuer }, servers) {
    const requests = Requests.withTokens(
      await issuer.mint({ algorithm: 'RS256', count: DISTINCT }),
    );
    return [
      { ...entrant('open', 'open', requests, servers), isCheap: true },
      ...each('ours-first-sight', 'ours-first-sight', requests, servers),
      entrant('jose-guard', 'jose-guard', requests, servers),
    ];
  },
  report: (outcomes) =>
    report(
      'New tokens (Express)',
      [{ label: 'new token', contender: 'ours-first-sight', least: 'jose-guard' }],
      outcomes,
    ),
};

/** Compares rejected requests, on Express. */
export const rejectedBeforeAndNow: BeforeAndNow = {
  of: ['ours'],
  entrants: rejectedEntrants,
  report: (outcomes) =>
    report(
      'Rejected requests (Express)',
      [
        { label: NO_TOKEN, contender: NO_TOKEN },
        { label: BAD_SIGNATURE, contender: BAD_SIGNATURE, least: FORGERY_REFUSED_BY },
      ],
      outcomes,
    ),
};

async function rejectedEntrants({ issuer }: Field, servers: Servers): Promise<Entrant[]> {
  const order = { algorithm: 'RS256' as const, count: DISTINCT };
  const good = Requests.withTokens(await issuer.mint(order));
  const bad = Requests.withTokens(await issuer.mint({ ...order, forged: true }), 401);
  const none = new Requests([Requests.get('/notes')], 401);
  return [
    { ...entrant('open', 'open', good, servers), isCheap: true },
    ...each(NO_TOKEN, 'ours', none, servers).map((cheap) => ({ ...cheap, isCheap: true })),
    ...each(BAD_SIGNATURE, 'ours', bad, servers),
    entrant(FORGERY_REFUSED_BY, FORGERY_REFUSED_BY, bad, servers),
  ];
}

/** Returns the entrant of this library and that of the earlier one. */
function each(name: string, server: string, requests: Requests, servers: Servers): Entrant[] {
  return [
    entrant(name, server, requests, servers),
    entrant(before(name), before(server), requests, servers),
  ];
}

function entrant(name: string, server: string, requests: Requests, servers: Servers): Entrant {
  return { name, server: at(servers, server), requests, baseline: 'open' };
}

function report(title: string, rows: readonly Row[], outcomes: Outcomes): Part {
  const present = rows.filter(({ contender }) => outcomes.has(contender));
  const cells = present.map(({ label, contender, least }) => {
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
    'total CPU time, now ÷ before',
    'the minimal guard',
    'before, times the minimal guard',
    'now, times the minimal guard',
  ];
  return { text: section(title, table(head, cells)), targets: [] };
}
