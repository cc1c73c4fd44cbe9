import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { IntrospectionClients } from '../introspection/introspection-clients.js';
import { McpAuthModuleSettings } from '../options/mcp-auth-module.options.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import type { Verification } from '../token/verification.js';

const DEFAULT_MAX = 10_000;
/** Seconds. */
const DEFAULT_TTL = 60;
/** Characters of an average token, as far as the memory is concerned. */
const AVERAGE_LENGTH = 2048;

/** A caller, and for how long the token is known to be good. */
export type CachedCaller = Omit<Verification, 'verified'> & {
  readonly authInfo: AuthInfo;
};

type KeyOf = (token: string) => string;

/** The callers of tokens that were verified lately. A token that was refused is never in it. */
@Injectable()
export class TokenCache {
  private readonly callers: LRUCache<string, CachedCaller> | undefined;
  private readonly flights = new Map<string, Promise<CachedCaller>>();
  /** By identity: an equal policy of another resource is not the same policy. */
  private readonly keys = new WeakMap<ProtectedResource, KeyOf>();
  private resources = 0;

  constructor(
    { tokenCache = {} }: McpAuthModuleSettings,
    private readonly introspection: IntrospectionClients,
  ) {
    this.callers = tokenCache === false ? undefined : createCache(tokenCache);
  }

  /**
   * The caller whose token was accepted for this resource before, or what `verify` finds out: once,
   * however many requests with the token wait for it, unless what it finds out is not to be kept.
   */
  get(
    token: string,
    resource: ProtectedResource,
    verify: () => Promise<CachedCaller>,
  ): AuthInfo | Promise<AuthInfo> {
    const { callers } = this;
    if (callers === undefined) {
      return verify().then(({ authInfo }) => authInfo);
    }
    const key = this.keyOf(resource)(token);
    const caller = callers.get(key);
    if (caller !== undefined && isGood(caller)) {
      return caller.authInfo;
    }
    callers.delete(key);
    const flight = this.flights.get(key);
    return flight ? join(flight, verify) : this.takeOff(key, callers, verify);
  }

  private takeOff(
    key: string,
    callers: LRUCache<string, CachedCaller>,
    verify: () => Promise<CachedCaller>,
  ): Promise<AuthInfo> {
    const flight = verify()
      .then((caller) => {
        const { keepFor: ttl, size = caller.authInfo.token.length } = caller;
        if (ttl !== 0) {
          callers.set(key, caller, { size, ttl });
        }
        return caller;
      })
      .finally(() => this.flights.delete(key));
    this.flights.set(key, flight);
    return flight.then(({ authInfo }) => authInfo);
  }

  /**
   * No two tokens share a key, of one resource or of two: no token, and no digest, has a colon. The answer
   * about an opaque token is found by its digest; for a JWT, most often the only kind, a digest for each
   * request would be most of what the look-up costs.
   */
  private keyOf(resource: ProtectedResource): KeyOf {
    const known = this.keys.get(resource);
    if (known !== undefined) {
      return known;
    }
    // One resource is the rule: its tokens are looked up as they are, and not copied for each request.
    const prefix = this.resources === 0 ? '' : `${this.resources}:`;
    this.resources += 1;
    const mayBeIntrospected =
      resource.issuerResolver !== undefined || this.introspection.of(resource).length > 0;
    const keyOf: KeyOf = mayBeIntrospected
      ? (token) => prefix + hash('sha256', token, 'base64url')
      : (token) => prefix + token;
    this.keys.set(resource, keyOf);
    return keyOf;
  }
}

/** An answer that is not to be kept is not to be had by who asked after it was on its way either. */
async function join(
  flight: Promise<CachedCaller>,
  verify: () => Promise<CachedCaller>,
): Promise<AuthInfo> {
  const caller = await flight;
  return (caller.keepFor === 0 ? await verify() : caller).authInfo;
}

function isGood({ validUntil, stillHolds }: CachedCaller): boolean {
  return Date.now() < validUntil && stillHolds();
}

function createCache({ max = DEFAULT_MAX, ttl = DEFAULT_TTL }: { max?: number; ttl?: number }) {
  return new LRUCache<string, CachedCaller>({
    max,
    maxSize: max * AVERAGE_LENGTH,
    ttl: ttl * 1000,
    // The clock is read each time, rather than kept by a timer.
    ttlResolution: 0,
  });
}
