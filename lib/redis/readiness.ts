import type { RedisClient } from './redis-client.js';

/**
 * The states in which ioredis sends no commands: it queues them, or rejects them (`end`). `wait` is not in the
 * list, since in this state the first command makes the client connect.
 */
const NOT_READY = ['connecting', 'connect', 'disconnecting', 'reconnecting', 'close', 'end'];

/** A check of the connection of a client. Without a connection, the client would only queue commands. */
export class Readiness {
  private wasReady = false;
  /** The time until which a client that was never ready may still be connecting. */
  private connectingUntil: number | undefined;

  constructor(
    private readonly client: RedisClient,
    private readonly milliseconds: number,
  ) {
    this.wasReady = isReady(client) === true;
  }

  /** @throws Error if the connection is lost, or was not established in time */
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

/** Returns whether the client is connected. Returns `undefined` if its state does not tell. */
function isReady(client: RedisClient): boolean | undefined {
  const { status, isReady: ready } = client as { status?: unknown; isReady?: unknown };
  if (typeof status === 'string') {
    return status === 'ready' || (NOT_READY.includes(status) ? false : undefined);
  }
  return typeof ready === 'boolean' ? ready : undefined;
}
