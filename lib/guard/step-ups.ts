import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { grantedScopes } from '../auth-info/granted-scopes.js';
import { InsufficientScopeError } from '../errors/insufficient-scope.error.js';
import { McpAuthEvents } from '../events/mcp-auth-events.js';
import { eventCaller, requestEvent, type ObservedRequest } from './request-events.js';

/** The milliseconds for which a rejected caller is remembered. A person needs time to log in and to consent. */
const MAX_AGE = 10 * 60_000;
const MAX_CALLERS = 1000;

/** A caller who was asked for more scopes. */
interface Challenged {
  /** The scopes that the rejected token had. */
  readonly had: readonly string[];
  readonly needed: readonly string[];
}

/** Finds callers who come back with the scopes that they lacked. It works only while something listens to `steppedUp`. */
@Injectable()
export class StepUps {
  private readonly challenged = new LRUCache<string, Challenged>({
    max: MAX_CALLERS,
    ttl: MAX_AGE,
  });

  constructor(private readonly events: McpAuthEvents) {}

  /** `true` if a caller was asked for more scopes, and is not back yet. */
  get isWaiting(): boolean {
    return this.challenged.size > 0;
  }

  noteRejected(request: () => ObservedRequest, error: Error): void {
    if (!(error instanceof InsufficientScopeError) || !this.events.isObserved('steppedUp')) {
      return;
    }
    const { resource, caller } = request();
    if (caller !== undefined) {
      const { requiredScopes: needed } = error;
      this.challenged.set(keyOf(resource, caller), { had: caller.scopes, needed });
    }
  }

  noteAccepted(request: ObservedRequest): void {
    const { resource, caller } = request;
    if (caller === undefined) {
      return;
    }
    const key = keyOf(resource, caller);
    const { had, needed } = this.challenged.get(key) ?? {};
    const granted = grantedScopes(caller);
    if (had === undefined || !needed?.every((scope) => granted.has(scope))) {
      return;
    }
    this.challenged.delete(key);
    this.events.publish('steppedUp', () => ({
      ...requestEvent(request),
      caller: eventCaller(caller),
      gainedScopes: caller.scopes.filter((scope) => !had.includes(scope)),
    }));
  }
}

function keyOf(resource: string, { issuer, subject, clientId }: AuthInfo): string {
  return JSON.stringify([resource, issuer, subject, clientId]);
}
