import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { guardedBy } from './bare-guard.js';
import type { Setup } from './contender.js';
import { letIn, tokenOf, verifierFor, type Caller } from './jose-guard.js';

interface Known extends Caller {
  token: string;
}

/** So many characters of its signature tell a token from others. */
const TAIL = 12;

/**
 * The least that a guard can do that keeps verified tokens: a look-up by the end of the token, a comparison,
 * a look at the clock, and at the scopes. It keeps as many as ours, for as long, of each the token, the subject
 * and the scopes, and does for a first sight what jose-guard does.
 */
export function create(setup: Setup, adapter: 'express' | 'fastify' = 'express') {
  const verify = verifierFor(setup);
  const ttl = (setup.keepTokensFor ?? 60) * 1000;
  const known = new LRUCache<string, Known>({ max: 10_000, ttl, ttlResolution: 0 });

  async function meet(token: string): Promise<boolean> {
    const caller = await verify(token);
    known.set(token.slice(-TAIL), { ...caller, token });
    return letIn(caller);
  }

  @Injectable()
  class CachingGuard implements CanActivate {
    canActivate(context: ExecutionContext): boolean | Promise<boolean> {
      const token = tokenOf(context);
      const kept = known.get(token.slice(-TAIL));
      const isKnown = kept?.token === token && Date.now() < kept.expiresAt * 1000;
      return isKnown ? letIn(kept) : meet(token);
    }
  }
  return guardedBy(CachingGuard, adapter);
}
