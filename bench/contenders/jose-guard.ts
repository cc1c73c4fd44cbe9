import {
  ForbiddenException,
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { guardedBy, handOver } from './bare-guard.js';
import { ALGORITHMS, RESOURCE, SCOPE, type Setup } from './contender.js';

interface Request {
  headers: { authorization?: string };
}

export function tokenOf(context: ExecutionContext): string {
  const { authorization = '' } = context.switchToHttp().getRequest<Request>().headers;
  return authorization.slice('Bearer '.length);
}

/** What a guard needs of a token. */
export interface Caller {
  subject: string | undefined;
  scopes: string[];
  /** Seconds since the epoch. */
  expiresAt: number;
}

/** jose's verification, for one issuer. */
export function verifierFor({ issuer, jwksUri }: Setup): (token: string) => Promise<Caller> {
  const keys = createRemoteJWKSet(new URL(jwksUri));
  const options = { issuer, audience: RESOURCE, algorithms: [...ALGORITHMS] };
  return async (token) => {
    const { payload } = await jwtVerify(token, keys, options).catch(() => {
      throw new UnauthorizedException();
    });
    const { sub: subject, scope, exp: expiresAt = 0 } = payload;
    return { subject, scopes: String(scope).split(' '), expiresAt };
  };
}

export function letIn({ subject, scopes }: Caller): true {
  if (!scopes.includes(SCOPE)) {
    throw new ForbiddenException();
  }
  handOver(subject);
  return true;
}

/**
 * The least that a guard can do for a first sight: jose's verification, and a look at the scopes. One
 * issuer, no challenge, no policy, no bounds, nothing kept of the caller but the subject.
 */
export function create(setup: Setup) {
  const verify = verifierFor(setup);

  @Injectable()
  class JoseGuard implements CanActivate {
    async canActivate(context: ExecutionContext): Promise<boolean> {
      return letIn(await verify(tokenOf(context)));
    }
  }
  return guardedBy(JoseGuard, 'express');
}
