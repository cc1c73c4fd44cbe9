import { channel, type Channel } from 'node:diagnostics_channel';
import { Injectable } from '@nestjs/common';
import { messageOf } from '../errors/to-error.js';
import { log } from '../log/log.js';
import type { McpAuthEventMap } from './mcp-auth-event.js';

type EventName = keyof McpAuthEventMap;
type Listener = (event: never) => unknown;

const CHANNELS: Readonly<Record<EventName, Channel>> = {
  accepted: channel('nestjs-mcp-auth:accepted'),
  rejected: channel('nestjs-mcp-auth:rejected'),
  steppedUp: channel('nestjs-mcp-auth:steppedUp'),
  fetched: channel('nestjs-mcp-auth:fetched'),
  refreshed: channel('nestjs-mcp-auth:refreshed'),
  stale: channel('nestjs-mcp-auth:stale'),
  unavailable: channel('nestjs-mcp-auth:unavailable'),
  revoked: channel('nestjs-mcp-auth:revoked'),
};

/**
 * Tells the application what the module does: which requests it lets in, which requests it rejects, and how it
 * reaches the authorization servers. Inject it, and listen with {@link on}. No event contains a token.
 *
 * Each event is also published on a channel of `node:diagnostics_channel`, for tools that observe a process
 * without being part of the application. The channels have the events of all applications in the process.
 *
 * @experimental It may change in any version.
 *
 * @example
 * ```ts
 * import { Injectable, Logger } from '@nestjs/common';
 * import { McpAuthEvents } from 'nestjs-mcp-auth';
 *
 * @Injectable()
 * export class AuditLog {
 *   private readonly logger = new Logger('Audit');
 *
 *   constructor(events: McpAuthEvents) {
 *     events.on('accepted', ({ caller, handler }) => {
 *       this.logger.log({ subject: caller?.subject, handler });
 *     });
 *   }
 * }
 * ```
 */
@Injectable()
export class McpAuthEvents {
  private readonly listeners = new Map<EventName, Set<Listener>>();

  /**
   * Calls a function for each event of this application with this name. The guard does not wait for a promise
   * of the function. An error that the function throws, or rejects with, is logged. It does **not** change the
   * answer to the client.
   *
   * @returns a function that removes the listener
   */
  on<Name extends EventName>(
    name: Name,
    listener: (event: McpAuthEventMap[Name]) => unknown,
  ): () => void {
    const listeners = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, listeners.add(listener));
    return () => {
      listeners.delete(listener);
    };
  }

  /**
   * Returns `true` if something listens to this event.
   *
   * @internal
   */
  isObserved(name: EventName): boolean {
    return (this.listeners.get(name)?.size ?? 0) > 0 || CHANNELS[name].hasSubscribers;
  }

  /**
   * Publishes an event.
   *
   * @param make - returns the event. It is called only if something listens
   * @internal
   */
  publish<Name extends EventName>(name: Name, make: () => McpAuthEventMap[Name]): void {
    if (!this.isObserved(name)) {
      return;
    }
    const event = Object.freeze(make());
    CHANNELS[name].publish(event);
    for (const listener of this.listeners.get(name) ?? []) {
      void call(name, listener, event as never);
    }
  }
}

async function call(name: EventName, listener: Listener, event: never): Promise<void> {
  try {
    await listener(event);
  } catch (error) {
    log.error(`A listener of the event "${name}" failed: ${messageOf(error)}`);
  }
}
