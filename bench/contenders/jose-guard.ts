import {
  ForbiddenException,
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { guardedBy, passCaller } from './bare-guard.js';
import { ALGORITHMS, RESOURCE, SCOPE, type Setup } from './contender.js';

interface Request {
  headers: { authorization?: string };
}

export function tokenOf(context: ExecutionContext): string {
  const { authorization = '' } = context.switchToHttp().getRequest<Request>().headers;
  return authorization.slice('Bearer '.length);
}

/** The claims of a token that a guard needs. */
export interface Caller {
  subject: string | undefined;
  scopes: string[];
  /** Seconds since the epoch. */
  expiresAt: number;
}

/** Returns a function that verifies tokens of one issuer with jose. */
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
  passCaller(subject);
  return true;
}

/**
 * Creates an app with the minimal guard for a new token: it verifies the token with jose and checks the
 * scopes. It accepts one issuer. It has no challenge, no policy and no limits, and passes only the subject on.
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
