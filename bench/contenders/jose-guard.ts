import {
  ForbiddenException,
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';
import { guardedBy, handOver } from './bare-guard.js';
import { ALGORITHMS, RESOURCE, SCOPE, type Setup } from './contender.js';

interface Request {
  headers: { authorization?: string };
}

export function tokenOf(context: ExecutionContext): string {
  const { authorization = '' } = context.switchToHttp().getRequest<Request>().headers;
  return authorization.slice('Bearer '.length);
}

/** jose's verification, for one issuer. */
export function verifierFor({ issuer, jwksUri }: Setup): (token: string) => Promise<JWTPayload> {
  const keys = createRemoteJWKSet(new URL(jwksUri));
  const options = { issuer, audience: RESOURCE, algorithms: [...ALGORITHMS] };
  return async (token) => {
    const { payload } = await jwtVerify(token, keys, options).catch(() => {
      throw new UnauthorizedException();
    });
    return payload;
  };
}

export function letIn(payload: JWTPayload): true {
  if (!String(payload['scope']).split(' ').includes(SCOPE)) {
    throw new ForbiddenException();
  }
  handOver(payload.sub);
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
