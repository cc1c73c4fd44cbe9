import { setTimeout } from 'node:timers/promises';
import { CONNECTIONS, PAUSE } from '../settings.js';
import { Connections } from './http.js';
import { Tally } from './tally.js';

/** Sends requests to one server, with as many workers as connections. Each worker pauses after an answer. */
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

  /** Starts no more requests. Resolves when no request is in flight. */
  async pause(): Promise<void> {
    this.going = false;
    await this.workers;
  }

  /** Sends one request, and waits for its answer. */
  protected abstract exchange(): Promise<void>;

  private async work(): Promise<void> {
    while (this.going) {
      await this.exchange();
      await setTimeout(Math.random() * 2 * PAUSE);
    }
  }
}
