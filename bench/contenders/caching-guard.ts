import {
  ForbiddenException,
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { guardedBy, handOver } from './bare-guard.js';
import { ALGORITHMS, RESOURCE, SCOPE, type Setup } from './contender.js';

interface Request {
  headers: { authorization?: string };
}

/**
 * What a guard takes that keeps tokens in the plain way: a look-up by all of the token, a look at the clock,
 * and at the scopes. It keeps as many as ours, for as long, and does for a first sight what jose-guard does.
 */
export function create({ issuer, jwksUri }: Setup, adapter: 'express' | 'fastify' = 'express') {
  const keys = createRemoteJWKSet(new URL(jwksUri));
  const options = { issuer, audience: RESOURCE, algorithms: [...ALGORITHMS] };
  const known = new LRUCache<string, JWTPayload>({ max: 10_000, ttl: 60_000, ttlResolution: 0 });

  async function verify(token: string): Promise<boolean> {
    const { payload } = await jwtVerify(token, keys, options).catch(() => {
      throw new UnauthorizedException();
    });
    known.set(token, payload);
    return letIn(payload);
  }

  @Injectable()
  class CachingGuard implements CanActivate {
    canActivate(context: ExecutionContext): boolean | Promise<boolean> {
      const { authorization = '' } = context.switchToHttp().getRequest<Request>().headers;
      const token = authorization.slice('Bearer '.length);
      const payload = known.get(token);
      const isKnown = payload?.exp !== undefined && Date.now() < payload.exp * 1000;
      return isKnown ? letIn(payload) : verify(token);
    }
  }
  return guardedBy(CachingGuard, adapter);
}

function letIn(payload: JWTPayload): boolean {
  if (!String(payload['scope']).split(' ').includes(SCOPE)) {
    throw new ForbiddenException();
  }
  handOver(payload.sub);
  return true;
}
