import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { RemoteDocument } from '../../../../lib/authorization-server/fetching/remote-document.js';
import { SlidingWindow } from '../../../../lib/async/sliding-window.js';

const TICK = 250;
const SECOND = 1000;
const TIMEOUT = 5 * SECOND;
/** The milliseconds from the end of an outage until the document is available. A fetch that hangs adds {@link TIMEOUT}. */
const BOUND = 6 * SECOND;
const LIFETIME = 60 * SECOND;
const STALE = 24 * 60 * 60 * SECOND;

type State = 'up' | 'refuses' | 'hangs' | 'bad';
interface Phase {
  state: State;
  seconds: number;
}

let now: number;

beforeEach(() => {
  now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
});

afterEach(() => {
  jest.restoreAllMocks();
});

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A simulated server on a simulated clock. A fetch ends at once. If the server hangs, it fails after {@link TIMEOUT}. */
class Server {
  state: State = 'up';
  readonly starts: number[] = [];
  private hanging: { until: number; fail: () => void }[] = [];

  readonly fetch = async () => {
    this.starts.push(now);
    if (this.state === 'hangs') {
      await new Promise<void>((_, reject) => {
        const fail = () => reject(new Error('no answer in time'));
        this.hanging.push({ until: now + TIMEOUT, fail });
      });
    }
    if (this.state !== 'up') {
      throw new Error(this.state);
    }
    return { value: `good at ${now}`, lifetime: LIFETIME };
  };

  /** `true` while a fetch hangs, even after the server is well again. */
  get hasHanging(): boolean {
    return this.hanging.length > 0;
  }

  async tick(): Promise<void> {
    now += TICK;
    this.hanging.filter(({ until }) => until <= now).forEach(({ fail }) => fail());
    this.hanging = this.hanging.filter(({ until }) => until > now);
    await settle();
  }
}

const phases = fc.array(
  fc.record({
    state: fc.constantFrom<State>('up', 'refuses', 'hangs', 'bad'),
    seconds: fc.constantFrom(1, 3, 10, 60),
  }),
  { minLength: 1, maxLength: 4 },
);
/** There are few runs, because each run simulates up to several minutes. */
const RUNS = { numRuns: 10 };

const documentOf = (server: Server) =>
  new RemoteDocument(server.fetch, { staleIfError: STALE, onFailure: () => undefined });

/** Runs the phases, and then a last phase in which the server is well. Calls `onTick` at each tick. */
async function live(
  server: Server,
  through: readonly Phase[],
  onTick: (sinceUp: number, bound: number) => Promise<void>,
): Promise<void> {
  let upSince = 0;
  let bound = 0;
  for (const { state, seconds } of [...through, { state: 'up' as const, seconds: 15 }]) {
    if (state === 'up' && server.state !== 'up') {
      upSince = now;
      bound = BOUND + (server.hasHanging ? TIMEOUT : 0);
    }
    bound = state === 'up' ? bound : Infinity;
    server.state = state;
    for (let elapsed = 0; elapsed < seconds * SECOND; elapsed += TICK) {
      await onTick(now - upSince, bound);
      await server.tick();
    }
  }
}

function expectSpaced(starts: readonly number[]): void {
  const pauses = starts.slice(1).map((at, index) => at - (starts[index] ?? 0));
  expect(Math.min(Infinity, ...pauses)).toBeGreaterThanOrEqual(SECOND);
}

/** Returns the present outcome of a promise, or `undefined` if it is pending. */
async function outcomeOf(promise: Promise<string>): Promise<string | undefined> {
  let outcome: string | undefined;
  promise.then(
    (value) => (outcome = value),
    () => (outcome = 'failed'),
  );
  await settle();
  return outcome;
}

describe('a remote document, after any sequence of outages', () => {
  it('is available within the bound, with at most one attempt a second', async () => {
    await fc.assert(
      fc.asyncProperty(phases, async (through) => {
        now = 0;
        const server = new Server();
        server.state = 'refuses';
        let had = false;
        const document = documentOf(server);
        await live(server, [{ state: 'refuses', seconds: 3 }, ...through], async (since, bound) => {
          const outcome = await outcomeOf(document.get());
          had ||= outcome?.startsWith('good') === true;
          if (had) {
            // Later failures never displace a document that was fetched.
            expect(outcome === undefined || outcome.startsWith('good')).toBe(true);
          }
          expect(had || since < bound).toBe(true);
        });
        expectSpaced(server.starts);
      }),
      RUNS,
    );
  });

  it('is renewed within the bound for requests that need a newer document, whatever other requests come', async () => {
    const garbage = fc.constantFrom(0, 1, 5);
    await fc.assert(
      fc.asyncProperty(phases, garbage, async (through, forged) => {
        now = 0;
        const server = new Server();
        const document = documentOf(server);
        const signatures = new SlidingWindow(2, 30 * SECOND);
        await document.get();
        let isNew = false;
        await live(server, [{ state: 'refuses', seconds: 1 }, ...through], async (since, bound) => {
          isNew &&= server.state === 'up';
          for (let index = 0; index < forged; index++) {
            document.refresh(signatures).catch(() => undefined);
          }
          if (!isNew) {
            const outcome = await outcomeOf(document.refresh());
            isNew = outcome?.startsWith('good') === true && server.state === 'up';
          }
          expect(await outcomeOf(document.get())).toMatch(/^good/);
          expect(isNew || since < bound).toBe(true);
        });
      }),
      RUNS,
    );
  });
});
