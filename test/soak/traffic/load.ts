import { setTimeout } from 'node:timers/promises';
import { CONNECTIONS, PAUSE } from '../settings.js';
import { Connections } from './http.js';
import { Tally } from './tally.js';

/** Keeps all connections to one server busy. */
export abstract class Load {
  readonly connections: Connections;
  readonly tally = new Tally();
  private going = false;
  private workers: Promise<unknown> = Promise.resolve();

  constructor(port: number) {
    this.connections = new Connections(port);
  }

  go(): void {
    this.going = true;
    this.workers = Promise.all(Array.from({ length: CONNECTIONS }, () => this.work()));
  }

  /** Sends nothing more; resolves once all is answered. */
  async pause(): Promise<void> {
    this.going = false;
    await this.workers;
  }

  /** One request and its answer. */
  protected abstract exchange(): Promise<void>;

  private async work(): Promise<void> {
    while (this.going) {
      await this.exchange();
      await setTimeout(Math.random() * 2 * PAUSE);
    }
  }
}
