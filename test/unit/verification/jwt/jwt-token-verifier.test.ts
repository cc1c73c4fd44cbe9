import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { errors } from 'jose';
import {
  InvalidTokenError,
  JwtTokenVerifier,
  ProtectedResourceRegistry,
  type ProtectedResource,
} from 'nestjs-mcp-auth';
import { createApp, oneResource, stopApps } from '../../../support/app.js';
import { Issuer } from '../../../support/issuer.js';

describe('a token that is rejected before its signature is verified', () => {
  const tokens: Record<string, (issuer: Issuer) => Promise<string> | string> = {
    'not a JWT': () => 'none',
    'no JSON in the header': () => 'e30x.e30.c2ln',
    'another algorithm': () => 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln',
    'an unknown key id': (issuer) => issuer.mint({ header: { kid: 'unknown' } }),
  };
  let issuer: Issuer;

  beforeEach(async () => {
    issuer = await Issuer.start();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await stopApps();
    await issuer.down();
  });

  it.each(Object.entries(tokens))(
    'is rejected without capturing a stack trace: %s',
    async (_name, make) => {
      const app = await createApp({ adapter: 'express', options: oneResource(issuer.url) });
      const [resource] = app.get(ProtectedResourceRegistry).all as [ProtectedResource];
      const token = await make(issuer);
      const limits: number[] = [];
      jest.spyOn(Error, 'captureStackTrace').mockImplementation((error) => {
        if (error instanceof errors.JOSEError) {
          limits.push(Error.stackTraceLimit);
        }
      });
      const verified = app.get(JwtTokenVerifier).verify(token, resource);
      await expect(verified).rejects.toBeInstanceOf(InvalidTokenError);
      expect(limits.length).toBeGreaterThan(0);
      expect(limits.filter((limit) => limit > 0)).toEqual([]);
    },
  );
});
