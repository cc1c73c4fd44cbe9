import { setTimeout } from 'node:timers/promises';
import type { Violations } from '../report/violations.js';
import { ServerProcess } from '../server/server-process.js';
import { LOST } from '../settings.js';
import type { AuthorizationServer } from '../world/authorization-server.js';
import { SigningKey } from '../world/signing-key.js';
import { Tokens } from '../world/tokens.js';
import type { Outage } from './outages.js';

/** The milliseconds between two requests with good tokens. */
const POLL = 250;

/** The length of an outage, and the milliseconds from its end until a good token was accepted. */
export interface Recovery {
  seconds: number;
  from: 'cold' | 'cached';
  milliseconds: number;
}

/** A server that lives through one outage after the other, with an authorization server of its own. */
export class Lane {
  private server: ServerProcess | undefined;
  private known: Tokens | undefined;

  constructor(
    private readonly authorizationServer: AuthorizationServer,
    readonly outage: Outage,
    private readonly violations: Violations,
    private readonly onEnd: (what: string) => void,
  ) {}

  /**
   * Measures two recoveries. In the first, the server starts during the outage. In the second, the server has
   * cached the old key before the outage.
   */
  async live(seconds: number): Promise<Recovery[]> {
    const { adapter, fail } = this.outage;
    await fail(this.authorizationServer);
    const server = await ServerProcess.start(
      [adapter, this.authorizationServer.issuer],
      this.onEnd,
    );
    this.server = server;
    this.known = undefined;
    try {
      const cold = await this.recover(seconds, 'cold');
      await fail(this.authorizationServer);
      return [cold, await this.recover(seconds, 'cached')];
    } finally {
      await server.stop();
    }
  }

  /** Measures one recovery, by requests with good tokens of a new key, during the outage and after it. */
  private async recover(seconds: number, from: Recovery['from']): Promise<Recovery> {
    const fresh = new Tokens(this.authorizationServer.issuer, new SigningKey('unseen'));
    this.authorizationServer.publish(fresh.key, ...(this.known ? [this.known.key] : []));
    const up = performance.now() + seconds * 1000;
    let isUp = false;
    let wellAt: number | undefined;
    while (wellAt === undefined && performance.now() < up + LOST) {
      if (!isUp && performance.now() >= up) {
        isUp = true;
        await this.authorizationServer.up();
      }
      void this.send(fresh, [200, 503]).then((status) => {
        wellAt ??= status === 200 ? performance.now() : undefined;
      });
      void (this.known && this.send(this.known, [200]));
      await setTimeout(POLL);
    }
    this.known = fresh;
    const milliseconds = (wellAt ?? Infinity) - up;
    this.demand(
      milliseconds <= this.outage.bound,
      'recovery',
      `${seconds} s, ${from}: ${milliseconds.toFixed(0)} ms`,
    );
    return { seconds, from, milliseconds };
  }

  private async send(tokens: Tokens, right: readonly number[]): Promise<number> {
    const url = `http://127.0.0.1:${this.server?.port}/notes?nonce=n`;
    const authorization = `Bearer ${tokens.mint('none', 'user-1')}`;
    try {
      const response = await fetch(url, { headers: { authorization } });
      await response.text();
      this.demand(right.includes(response.status), 'wrong decision', `${response.status}`);
      return response.status;
    } catch {
      // The server was stopped after the measurement, while this request was in flight.
      return 0;
    }
  }

  private demand(isMet: boolean, rule: string, seen: string): void {
    if (!isMet) {
      const { adapter, name } = this.outage;
      this.violations.add(`${adapter}, an authorization server that ${name}`, rule, seen);
    }
  }
}
