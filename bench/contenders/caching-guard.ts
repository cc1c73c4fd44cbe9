import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { guardedBy } from './bare-guard.js';
import type { Setup } from './contender.js';
import { letIn, tokenOf, verifierFor, type Caller } from './jose-guard.js';

interface CachedCaller extends Caller {
  token: string;
}

/** The number of characters at the end of a token that are its cache key. */
const KEY_LENGTH = 12;

/**
 * Creates an app with the minimal guard that caches verified tokens. For a cached token, it does a look-up by
 * the end of the token, compares the whole token, and checks the expiry and the scopes. The cache has the size
 * and the lifetime of the library's. An entry is the token, its subject, its scopes and its expiry. A new token
 * is verified as in `jose-guard.ts`.
 */
export function create(setup: Setup, adapter: 'express' | 'fastify' = 'express') {
  const verify = verifierFor(setup);
  const ttl = (setup.keepTokensFor ?? 60) * 1000;
  const cache = new LRUCache<string, CachedCaller>({ max: 10_000, ttl, ttlResolution: 0 });

  async function verifyNew(token: string): Promise<boolean> {
    const caller = await verify(token);
    cache.set(token.slice(-KEY_LENGTH), { ...caller, token });
    return letIn(caller);
  }

  @Injectable()
  class CachingGuard implements CanActivate {
    canActivate(context: ExecutionContext): boolean | Promise<boolean> {
      const token = tokenOf(context);
      const cached = cache.get(token.slice(-KEY_LENGTH));
      const isValid = cached?.token === token && Date.now() < cached.expiresAt * 1000;
      return isValid ? letIn(cached) : verifyNew(token);
    }
  }
  return guardedBy(CachingGuard, adapter);
}
