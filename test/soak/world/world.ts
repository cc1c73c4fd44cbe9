import { FETCH_TIMEOUT, FLOOD_RECOVERY, RECOVERY } from '../settings.js';
import { ServerProcess } from '../server/server-process.js';
import type { Violations } from '../report/violations.js';
import { AuthorizationServer } from './authorization-server.js';
import { Sessions } from './sessions.js';
import { SigningKey } from './signing-key.js';
import type { Situation } from './situation.js';
import { Tokens } from './tokens.js';

/** The milliseconds within which the server must work again. After an outage, they include a fetch that hangs. */
const BOUNDS: Partial<Record<Situation, number>> = {
  back: RECOVERY + FETCH_TIMEOUT,
  flooded: FLOOD_RECOVERY,
};

/** One server, its own authorization server, and the state of both. */
export class World {
  readonly authorizationServer = new AuthorizationServer();
  readonly sessions = new Sessions();
  /** A function that is called after each change of the answers that are right. */
  onChange: () => void = () => undefined;
  situation: Situation = 'down';
  /** The tokens of the keys that the server has, the newest last. */
  accepted: Tokens[] = [];
  /** The tokens of a new key. It is possible that the server does not have this key yet. */
  fresh: Tokens | undefined;
  /** The tokens of a withdrawn key, which must be rejected. */
  retired: Tokens | undefined;
  strangers!: Tokens;
  /** The milliseconds of each recovery that ended in time. */
  readonly recoveries: number[] = [];
  /** The last time when a token could make the server fetch, because the server was not known to have its key. */
  lastSearch = -Infinity;
  private leaving: Tokens[] = [];
  private deadline: { since: number; timer: NodeJS.Timeout } | undefined;
  server!: ServerProcess;

  constructor(
    readonly adapter: 'express' | 'fastify',
    private readonly violations: Violations,
    private readonly onEnd: (what: string) => void,
  ) {}

  /** Starts the server while its authorization server is down. */
  async start(): Promise<void> {
    await this.authorizationServer.up();
    const { issuer } = this.authorizationServer;
    this.strangers = new Tokens(issuer, new SigningKey('stranger'));
    this.publishNewKey();
    await this.authorizationServer.down();
    this.server = await ServerProcess.start([this.adapter, issuer], this.onEnd);
  }

  async stop(): Promise<void> {
    clearTimeout(this.deadline?.timer);
    await Promise.all([this.server.stop(), this.authorizationServer.down()]);
  }

  /** Returns `true` if, for this many milliseconds, no token could make the server fetch. */
  isRested(milliseconds: number): boolean {
    return performance.now() - this.lastSearch > milliseconds;
  }

  change(situation: Situation): void {
    this.situation = situation;
    this.onChange();
    clearTimeout(this.deadline?.timer);
    const bound = BOUNDS[situation];
    this.deadline =
      bound === undefined
        ? undefined
        : { since: performance.now(), timer: setTimeout(() => this.end(bound), bound) };
  }

  /** Publishes a new key, beside the newest key in use or in its place. */
  rotate({ withdraw }: { withdraw: boolean }): void {
    const current = this.accepted.at(-1);
    const stay = withdraw || !current ? [] : [current];
    this.leaving = this.accepted.filter((tokens) => !stay.includes(tokens));
    this.leaving.forEach(({ key }) => (key.standing = 'leaving'));
    this.accepted = stay;
    this.retired = withdraw ? current : undefined;
    this.publishNewKey(...stay.map(({ key }) => key));
    this.onChange();
  }

  /** Changes the state after an answer has shown that the server has this key. */
  hasSeen(tokens: Tokens): void {
    if (tokens !== this.fresh) {
      return;
    }
    tokens.key.standing = 'seen';
    this.fresh = undefined;
    this.accepted.push(tokens);
    this.leaving.forEach(({ key }) => (key.standing = 'gone'));
    if (this.deadline) {
      this.recoveries.push(performance.now() - this.deadline.since);
      this.change('up');
    }
    this.onChange();
  }

  private publishNewKey(...besides: SigningKey[]): void {
    const key = new SigningKey('unseen');
    this.fresh = new Tokens(this.authorizationServer.issuer, key);
    this.authorizationServer.publish(key, ...besides);
  }

  /** Reports that the server took too long to recover. From now on, an answer without the new key is wrong. */
  private end(bound: number): void {
    this.violations.add(this.adapter, 'recovery', `took more than ${bound} ms`);
    this.change('up');
  }
}
