import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { errors } from 'jose';
import {
  InvalidTokenError,
  JwtTokenVerifier,
  MissingTokenException,
  ProtectedResourceRegistry,
  type ProtectedResource,
} from 'nestjs-mcp-auth';
import { suspendStackTraces, withoutStackTraces } from '../../lib/errors/stack-traces.js';
import { createApp, oneResource, stopApps } from '../support/app.js';
import { Issuer } from '../support/issuer.js';

const { stackTraceLimit } = Error;
const limit = (value: number, writable = true) =>
  Object.defineProperty(Error, 'stackTraceLimit', { value, writable });

describe('stack traces', () => {
  afterEach(() => void limit(stackTraceLimit));

  it('are not taken of a refusal, and of the next error they are', () => {
    expect(new MissingTokenException({}).stack).not.toMatch(/^ +at /m);
    expect(new Error('next').stack).toMatch(/^ +at /m);
  });

  it('have the limit again that they had', () => {
    Error.stackTraceLimit = 3;
    const resume = suspendStackTraces();
    expect(Error.stackTraceLimit).toBe(0);
    resume();
    expect(Error.stackTraceLimit).toBe(3);
  });

  it('are not taken of what fails at once, and of what fails later they are', async () => {
    const failAtOnce = () => Promise.reject(new Error('at once'));
    const failLater = () => Promise.resolve().then(() => Promise.reject(new Error('later')));
    const stackOf = (failure: Promise<never>) =>
      failure.catch((error: unknown) => (error as Error).stack);
    expect(await stackOf(withoutStackTraces(failAtOnce))).not.toMatch(/^ +at /m);
    expect(await stackOf(withoutStackTraces(failLater))).toMatch(/^ +at /m);
    expect(() => withoutStackTraces(() => JSON.parse('{') as unknown)).toThrow(SyntaxError);
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  });

  it('are taken where their limit cannot be changed', () => {
    limit(5, false);
    expect(new MissingTokenException({}).stack).toMatch(/^ +at /m);
  });
});

describe('a token that is refused before its signature is looked at', () => {
  const tokens: Record<string, (issuer: Issuer) => Promise<string> | string> = {
    'no JWT': () => 'none',
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

  it.each(Object.entries(tokens))('costs no stack trace: %s', async (_name, make) => {
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
  });
});
