import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { getOrMake } from '../cache/get-or-make.js';
import { InFlight } from '../cache/in-flight.js';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { McpAuthModuleSettings } from '../options/mcp-auth-module.options.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import type { Verification } from '../token/verification.js';
import { CacheKeys } from './cache-keys.js';
import { TokenForms } from './token-forms.js';

const DEFAULT_MAX = 10_000;
/** The default of {@link TokenCacheOptions.ttl}, in seconds. */
const DEFAULT_TTL = 60;
/** The characters of an average token, for the bound on memory. */
const AVERAGE_LENGTH = 2048;

/** A caller, and the time for which the token is known to be good. */
export interface CachedCaller extends Pick<Verification, 'maxAge' | 'size'> {
  readonly authInfo: AuthInfo;
  /** The time at which the token expires by its own claims, in milliseconds since the epoch. */
  readonly validUntil: number;
  /** Returns whether the basis of the acceptance, such as the signing key, is still valid. */
  readonly stillHolds: () => boolean;
}

/** A cached caller, and its place in the cache. */
interface Entry {
  readonly caller: CachedCaller;
  readonly key: string;
  readonly tokens: TokensOfResource;
  /** The time at which the entry expires, by the monotonic clock, in milliseconds. */
  readonly until: number;
  /** The value of `made` when this entry was last moved. */
  madeAtLastUse: number;
}

/** The cached tokens of one resource. No other resource can find them. */
interface TokensOfResource {
  readonly keys: CacheKeys;
  readonly cached: Map<string, Entry>;
  /** The verifications in flight, by the whole token. */
  readonly inFlight: InFlight<string, CachedCaller>;
}

/** Caches the callers of tokens that were verified recently. It never contains a rejected token. */
@Injectable()
export class TokenCache {
  /**
   * All entries of all resources. It limits their number and size, and evicts about the least recently used
   * entry.
   */
  private readonly entries: LRUCache<Entry, Entry> | undefined;
  private readonly ttl: number;
  /** The number of entries created so far. */
  private made = 0;
  /**
   * The tokens of each resource object. Two resources never share tokens, even if their options are equal.
   */
  private readonly resources = new WeakMap<ProtectedResource, TokensOfResource>();

  constructor(
    { tokenCache = {} }: McpAuthModuleSettings,
    private readonly forms: TokenForms,
  ) {
    const { max = DEFAULT_MAX, ttl = DEFAULT_TTL } = tokenCache || {};
    this.ttl = ttl * 1000;
    this.entries = tokenCache === false ? undefined : createCache(max);
  }

  /** Returns the caller whose token was accepted for this resource before, if that acceptance is still valid. */
  get(token: string, resource: ProtectedResource): AuthInfo | undefined {
    if (this.entries === undefined) {
      return undefined;
    }
    const { keys, cached } = this.tokensOf(resource);
    const entry = cached.get(keys.of(token));
    if (entry?.caller.authInfo.token !== token) {
      return undefined;
    }
    if (performance.now() > entry.until || !isGood(entry.caller)) {
      this.entries.delete(entry);
      return undefined;
    }
    // Moves an entry at most once per new entry, to save time. So the order of use is approximate.
    if (entry.madeAtLastUse !== this.made) {
      entry.madeAtLastUse = this.made;
      this.entries.get(entry);
    }
    return entry.caller.authInfo;
  }

  /**
   * Returns the result of `verify` for a token that is not cached. `verify` runs once for all requests that wait with
   * this token. It runs for each of these requests if the result must not be cached, or if the cache is switched off.
   */
  verifyOnce(
    token: string,
    resource: ProtectedResource,
    verify: () => Promise<CachedCaller>,
  ): Promise<AuthInfo> {
    const { entries } = this;
    if (entries === undefined) {
      return verify().then(({ authInfo }) => authInfo);
    }
    const tokens = this.tokensOf(resource);
    const inFlight = tokens.inFlight.get(token);
    if (inFlight !== undefined) {
      return join(inFlight, verify);
    }
    const verification = tokens.inFlight.run(token, async () => {
      const caller = await verify();
      this.add(caller, token, tokens, entries);
      return caller;
    });
    return verification.then(({ authInfo }) => authInfo);
  }

  private add(
    caller: CachedCaller,
    token: string,
    tokens: TokensOfResource,
    entries: LRUCache<Entry, Entry>,
  ): void {
    const { maxAge = this.ttl, size = token.length } = caller;
    if (maxAge !== 0) {
      const until = performance.now() + maxAge;
      const key = tokens.keys.of(token);
      addEntry({ caller, key, tokens, until, madeAtLastUse: ++this.made }, entries, size);
    }
  }

  private tokensOf(resource: ProtectedResource): TokensOfResource {
    return getOrMake(this.resources, resource, () => ({
      keys: new CacheKeys(this.forms.mayBeOpaque(resource)),
      cached: new Map(),
      inFlight: new InFlight(),
    }));
  }
}

function addEntry(entry: Entry, entries: LRUCache<Entry, Entry>, size: number): void {
  const { key, tokens } = entry;
  const replaced = tokens.cached.get(key);
  if (replaced !== undefined) {
    entries.delete(replaced);
  }
  tokens.cached.set(key, entry);
  entries.set(entry, entry, { size });
  if (!entries.has(entry)) {
    // The entry is too large to be cached.
    tokens.cached.delete(key);
  }
}

/** A result that must not be cached must not be shared either: requests that joined later verify again. */
async function join(
  inFlight: Promise<CachedCaller>,
  verify: () => Promise<CachedCaller>,
): Promise<AuthInfo> {
  const caller = await inFlight;
  return (caller.maxAge === 0 ? await verify() : caller).authInfo;
}

function isGood({ validUntil, stillHolds }: CachedCaller): boolean {
  return Date.now() < validUntil && stillHolds();
}

function createCache(max: number): LRUCache<Entry, Entry> {
  return new LRUCache<Entry, Entry>({
    max,
    maxSize: max * AVERAGE_LENGTH,
    dispose: ({ key, tokens }) => tokens.cached.delete(key),
  });
}
