import { afterEach, describe, expect, it } from '@jest/globals';
import { MissingTokenException } from 'nestjs-mcp-auth';
import { suspendStackTraces, withoutStackTraces } from '../../../lib/errors/stack-traces.js';

const { stackTraceLimit } = Error;
const limit = (value: number, writable = true) =>
  Object.defineProperty(Error, 'stackTraceLimit', { value, writable });

describe('stack traces', () => {
  afterEach(() => void limit(stackTraceLimit));

  it('are not captured for a rejection, but are captured for the next error', () => {
    expect(new MissingTokenException({}).stack).not.toMatch(/^ +at /m);
    expect(new Error('next').stack).toMatch(/^ +at /m);
  });

  it('have the previous limit again after they were suspended', () => {
    Error.stackTraceLimit = 3;
    const resume = suspendStackTraces();
    expect(Error.stackTraceLimit).toBe(0);
    resume();
    expect(Error.stackTraceLimit).toBe(3);
  });

  it('are not captured for errors that are made while withoutStackTraces() runs, but are captured for later errors', async () => {
    const failAtOnce = () => Promise.reject(new Error('at once'));
    const failLater = () => Promise.resolve().then(() => Promise.reject(new Error('later')));
    const stackOf = (failure: Promise<never>) =>
      failure.catch((error: unknown) => (error as Error).stack);
    expect(await stackOf(withoutStackTraces(failAtOnce))).not.toMatch(/^ +at /m);
    expect(await stackOf(withoutStackTraces(failLater))).toMatch(/^ +at /m);
    expect(() => withoutStackTraces(() => JSON.parse('{') as unknown)).toThrow(SyntaxError);
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  });

  it('are captured if Error.stackTraceLimit is read-only', () => {
    limit(5, false);
    expect(new MissingTokenException({}).stack).toMatch(/^ +at /m);
  });
});
