import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { guardedBy } from './bare-guard.js';
import type { Setup } from './contender.js';
import { letIn, tokenOf, verifierFor } from './jose-guard.js';

/**
 * What a guard takes that keeps tokens in the plain way: a look-up by all of the token, a look at the clock,
 * and at the scopes. It keeps as many as ours, for as long, and does for a first sight what jose-guard does.
 */
export function create(setup: Setup, adapter: 'express' | 'fastify' = 'express') {
  const verify = verifierFor(setup);
  const ttl = (setup.keepTokensFor ?? 60) * 1000;
  const known = new LRUCache<string, JWTPayload>({ max: 10_000, ttl, ttlResolution: 0 });

  async function meet(token: string): Promise<boolean> {
    const payload = await verify(token);
    known.set(token, payload);
    return letIn(payload);
  }

  @Injectable()
  class CachingGuard implements CanActivate {
    canActivate(context: ExecutionContext): boolean | Promise<boolean> {
      const token = tokenOf(context);
      const payload = known.get(token);
      const isKnown = payload?.exp !== undefined && Date.now() < payload.exp * 1000;
      return isKnown ? letIn(payload) : meet(token);
    }
  }
  return guardedBy(CachingGuard, adapter);
}
