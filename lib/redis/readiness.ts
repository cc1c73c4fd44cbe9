import type { RedisClient } from './redis-client.js';

/** What ioredis calls the states in which it only keeps commands; `wait` is not one: a command ends it. */
const NOT_READY = ['connecting', 'connect', 'disconnecting', 'reconnecting', 'close', 'end'];

/** Tells whether a client knows that it has no connection, in which it would only keep commands. */
export class Readiness {
  private wasReady = false;
  /** Until then a client that was never ready may still be on its way to its first connection. */
  private connectingUntil: number | undefined;

  constructor(
    private readonly client: RedisClient,
    private readonly milliseconds: number,
  ) {
    this.wasReady = isReady(client) === true;
  }

  /** @throws Error if a command would wait for a connection that is lost, or does not come about */
  assert(): void {
    const ready = isReady(this.client);
    if (ready === true) {
      this.wasReady = true;
    } else if (ready === false && !this.isConnecting()) {
      throw new Error('The client is not connected to Redis.');
    }
  }

  private isConnecting(): boolean {
    const now = performance.now();
    this.connectingUntil ??= now + this.milliseconds;
    return !this.wasReady && now < this.connectingUntil;
  }
}

/** Nothing where the client does not say. */
function isReady(client: RedisClient): boolean | undefined {
  const { status, isReady: ready } = client as { status?: unknown; isReady?: unknown };
  if (typeof status === 'string') {
    return status === 'ready' || (NOT_READY.includes(status) ? false : undefined);
  }
  return typeof ready === 'boolean' ? ready : undefined;
}
