import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { IntrospectionClients } from '../introspection/introspection-clients.js';
import { McpAuthModuleSettings } from '../options/mcp-auth-module.options.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import type { Verification } from '../token/verification.js';
import { TokenKeys } from './token-keys.js';

const DEFAULT_MAX = 10_000;
/** Seconds. */
const DEFAULT_TTL = 60;
/** Characters of an average token, as far as the memory is concerned. */
const AVERAGE_LENGTH = 2048;

/** A caller, and for how long the token is known to be good. */
export type CachedCaller = Omit<Verification, 'verified'> & {
  readonly authInfo: AuthInfo;
};

/** The callers of tokens that were verified lately. A token that was refused is never in it. */
@Injectable()
export class TokenCache {
  private readonly callers: LRUCache<string, CachedCaller> | undefined;
  private readonly flights = new Map<string, Promise<CachedCaller>>();
  /** By identity: an equal policy of another resource is not the same policy. */
  private readonly keys = new WeakMap<ProtectedResource, TokenKeys>();
  private resources = 0;

  constructor(
    { tokenCache = {} }: McpAuthModuleSettings,
    private readonly introspection: IntrospectionClients,
  ) {
    this.callers = tokenCache === false ? undefined : createCache(tokenCache);
  }

  /** The caller whose token was accepted for this resource before. */
  recall(token: string, resource: ProtectedResource): AuthInfo | undefined {
    if (this.callers === undefined) {
      return undefined;
    }
    const key = this.keysOf(resource).short(token);
    const caller = this.callers.get(key);
    if (caller?.authInfo.token !== token) {
      return undefined;
    }
    if (isGood(caller)) {
      return caller.authInfo;
    }
    this.callers.delete(key);
    return undefined;
  }

  /**
   * What `verify` finds out about a token that cannot be recalled: once, however many requests with the
   * token wait for it, unless what it finds out is not to be kept.
   */
  meet(
    token: string,
    resource: ProtectedResource,
    verify: () => Promise<CachedCaller>,
  ): Promise<AuthInfo> {
    const { callers } = this;
    if (callers === undefined) {
      return verify().then(({ authInfo }) => authInfo);
    }
    const keys = this.keysOf(resource);
    const key = keys.unique(token);
    const underWay = this.flights.get(key);
    if (underWay !== undefined) {
      return join(underWay, verify);
    }
    return this.fly(key, verify, (caller) => {
      const { keepFor: ttl, size = token.length } = caller;
      if (ttl !== 0) {
        callers.set(keys.short(token), caller, { size, ttl });
      }
    });
  }

  private async fly(
    key: string,
    verify: () => Promise<CachedCaller>,
    keep: (caller: CachedCaller) => void,
  ): Promise<AuthInfo> {
    const flight = verify();
    this.flights.set(key, flight);
    try {
      const caller = await flight;
      keep(caller);
      return caller.authInfo;
    } finally {
      this.flights.delete(key);
    }
  }

  private keysOf(resource: ProtectedResource): TokenKeys {
    const known = this.keys.get(resource);
    if (known !== undefined) {
      return known;
    }
    const mayBeOpaque =
      resource.issuerResolver !== undefined || this.introspection.of(resource).length > 0;
    // One resource is the rule: its tokens are looked up as they are, and not copied for each request.
    const prefix = this.resources === 0 ? '' : `${this.resources}:`;
    this.resources += 1;
    const keys = new TokenKeys(prefix, mayBeOpaque);
    this.keys.set(resource, keys);
    return keys;
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
