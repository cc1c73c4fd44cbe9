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

/**
 * The least that a guard can do for a first sight: jose's verification, and a look at the scopes. One
 * issuer, no challenge, no policy, no bounds, nothing kept of the caller but the subject.
 */
export function create({ issuer, jwksUri }: Setup) {
  const keys = createRemoteJWKSet(new URL(jwksUri));
  const options = { issuer, audience: RESOURCE, algorithms: [...ALGORITHMS] };

  @Injectable()
  class JoseGuard implements CanActivate {
    async canActivate(context: ExecutionContext): Promise<boolean> {
      const { authorization = '' } = context.switchToHttp().getRequest<Request>().headers;
      const token = authorization.slice('Bearer '.length);
      const { payload } = await jwtVerify(token, keys, options).catch(() => {
        throw new UnauthorizedException();
      });
      if (!String(payload['scope']).split(' ').includes(SCOPE)) {
        throw new ForbiddenException();
      }
      handOver(payload.sub);
      return true;
    }
  }
  return guardedBy(JoseGuard, 'express');
}
