import dns from 'node:dns/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AuthorizationServerUnavailableError } from 'nestjs-mcp-auth';
import { lookUpHost } from '../../../../lib/authorization-server/fetching/host-lookup.js';

const PATIENCE = 5000;
const FOUND = [{ address: '203.0.113.7', family: 4 }];

let now: number;
/** The host of each look-up, and the functions that end the look-up. */
let pending: [string, { resolve: (found: typeof FOUND) => void; reject: (error: Error) => void }][];
const lookup = jest.fn();

beforeEach(() => {
  now = 0;
  pending = [];
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  jest.spyOn(dns, 'lookup').mockImplementation(((host: string) => {
    lookup(host);
    return new Promise((resolve, reject) => pending.push([host, { resolve, reject }]));
  }) as never);
});

afterEach(() => {
  pending.forEach(([, { resolve }]) => resolve(FOUND));
  lookup.mockReset();
  jest.restoreAllMocks();
});

const look = (host: string) => lookUpHost(new URL(`https://${host}/jwks`), PATIENCE);

describe('DNS look-ups (lookUpHost)', () => {
  it('run once per host at a time, however many callers wait', async () => {
    const answers = Array.from({ length: 300 }, () => look('one.example.com'));
    const other = look('two.example.com');
    expect(lookup.mock.calls).toEqual([['one.example.com'], ['two.example.com']]);
    pending.forEach(([, { resolve }]) => resolve(FOUND));
    expect(new Set(await Promise.all([...answers, other]))).toEqual(new Set([FOUND]));
  });

  it('are not started again while a look-up of the same host is pending, even after its callers timed out', async () => {
    const first = look('one.example.com');
    now = PATIENCE;
    for (let index = 0; index < 300; index++) {
      expect(() => look('one.example.com')).toThrow(AuthorizationServerUnavailableError);
      now += 1000;
    }
    expect(() => look('one.example.com')).toThrow(
      'The address of one.example.com has been looked up for 305 s without result',
    );
    expect(lookup).toHaveBeenCalledTimes(1);
    pending[0]?.[1].reject(new Error('EAI_AGAIN'));
    await expect(first).rejects.toThrow('EAI_AGAIN');
    const second = look('one.example.com');
    expect(lookup).toHaveBeenCalledTimes(2);
    pending[1]?.[1].resolve(FOUND);
    expect(await second).toEqual(FOUND);
  });

  it('are not cached once settled', async () => {
    for (const times of [1, 2, 3]) {
      const answer = look('one.example.com');
      pending[times - 1]?.[1].resolve(FOUND);
      await answer;
      expect(lookup).toHaveBeenCalledTimes(times);
    }
  });

  it('can be repeated after a look-up failed, even if no caller waits for the failed look-up', async () => {
    void look('one.example.com').catch(() => undefined);
    pending[0]?.[1].reject(new Error('ENOTFOUND'));
    await new Promise((resolve) => setImmediate(resolve));
    void look('one.example.com');
    expect(lookup).toHaveBeenCalledTimes(2);
  });
});
