import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AuthorizationServerUnavailableError } from 'nestjs-mcp-auth';
import { Resolutions } from '../../../lib/async/resolutions.js';

const TTL = 1000;
const STRANGERS = 100;

describe('cached answers of an application function (Resolutions)', () => {
  const ask = jest.fn<(name: string) => unknown>();
  const onUnavailable = jest.fn();
  let elapsed: number;

  beforeEach(() => {
    elapsed = 0;
    ask.mockReset();
    onUnavailable.mockReset();
    jest.spyOn(performance, 'now').mockImplementation(() => elapsed);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  const resolutions = (max = 10) =>
    new Resolutions<string, { answer: unknown }, { name: string }>({
      what: 'the application',
      ask,
      check: (answer) => (answer === undefined ? undefined : { answer }),
      make: (_, name) => ({ name }),
      max,
      ttl: TTL,
      timeout: 1000,
      onUnavailable,
    });

  it('calls the function once per name for all concurrent requests', async () => {
    const known = resolutions();
    ask.mockReturnValue(1);
    const answers = await Promise.all(
      ['a', 'a', 'b', 'a'].map(async (name) => known.get(name, name)),
    );
    expect(answers).toEqual(['a', 'a', 'b', 'a'].map((name) => ({ name })));
    expect(answers[0]).toBe(answers[3]);
    expect(ask.mock.calls).toEqual([['a'], ['b']]);
  });

  it('returns the answer for a cached name synchronously, and undefined for a name that the function does not know', async () => {
    const known = resolutions();
    ask.mockReturnValueOnce(1);
    const value = await known.get('a', 'a');
    await known.get('b', 'b');
    expect([known.get('a', 'a'), known.get('b', 'b')]).toEqual([value, undefined]);
    expect(known.isCurrent('a', { name: 'a' })).toBe(false);
  });

  it('counts a name as unknown again once its cached answer has expired and the function no longer knows it', async () => {
    const known = resolutions();
    ask.mockReturnValueOnce(1);
    await known.get('a', 'a');
    elapsed = TTL;
    expect(await known.get('a', 'a')).toBeUndefined();
    for (let index = 0; index < STRANGERS; index++) {
      await known.get(`stranger-${index}`, '');
    }
    elapsed = 2 * TTL;
    await expect(known.get('a', 'a')).rejects.toBeInstanceOf(AuthorizationServerUnavailableError);
    expect(ask).toHaveBeenCalledTimes(2 + STRANGERS);
    expect(onUnavailable).toHaveBeenCalledTimes(1);
  });

  it('does not count a name as unknown once the function knows it', async () => {
    const known = resolutions();
    await known.get('a', 'a');
    ask.mockReturnValue(1);
    elapsed = TTL;
    expect(await known.get('a', 'a')).toEqual({ name: 'a' });
    ask.mockReturnValue(undefined);
    elapsed = 2 * TTL;
    expect(await known.get('a', 'a')).toBeUndefined();
  });

  it('calls a function that failed five times in a row again only after pauses of 1, 2, 4 and 4 seconds', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    const known = resolutions();
    ask.mockImplementation(() => Promise.reject(new Error('no database')));
    for (let index = 0; index < 4; index++) {
      await expect(known.get('a', 'a')).rejects.toThrow('the application threw: no database');
    }
    for (const pause of [1, 2, 4, 4]) {
      await expect(known.get('a', 'a')).rejects.toThrow('the application threw: no database');
      elapsed += 1000 * pause - 1;
      ask.mockClear();
      const error = await (async () => known.get('b', 'b'))().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(AuthorizationServerUnavailableError);
      expect(error).toMatchObject({
        retryAfter: 1,
        message: expect.stringMatching(/^the application failed \d times in a row/),
      });
      expect(ask).not.toHaveBeenCalled();
      elapsed += 1;
    }
    ask.mockReturnValue(1);
    expect(await known.get('c', 'c')).toEqual({ name: 'c' });
    expect(await known.get('b', 'b')).toEqual({ name: 'b' });
  });

  it('answers within 6 seconds once a failing function works again, however many requests came meanwhile', async () => {
    const known = resolutions(1000);
    ask.mockImplementation(() => Promise.reject(new Error('no database')));
    for (elapsed = 0; elapsed < 10_000; elapsed += 100) {
      const names = Array.from({ length: 10 }, (_, index) => `name-${elapsed}-${index}`);
      await Promise.allSettled(names.map(async (name) => known.get(name, name)));
    }
    expect(ask.mock.calls.length).toBeLessThan(10 * 10);
    ask.mockReturnValue(1);
    elapsed += 4000;
    expect(await known.get('a', 'a')).toEqual({ name: 'a' });
  });

  it('fails only for the name for which the function throws, not for other names', async () => {
    const known = resolutions();
    ask.mockImplementation((name) => {
      if (name === 'bad') {
        throw new Error('not a name');
      }
    });
    for (let index = 0; index < 20; index++) {
      await expect(known.get('bad', 'bad')).rejects.toThrow('the application threw: not a name');
      expect(await known.get(`name-${index}`, `name-${index}`)).toBeUndefined();
    }
  });

  it('evicts the least recently used name, and never a known name to cache an unknown name', async () => {
    const known = resolutions(2);
    ask.mockImplementation((name) => (name.startsWith('known') ? 1 : undefined));
    const [one, two] = ['known-1', 'known-2'];
    const first = await known.get(one, one);
    await known.get(two, two);
    for (let index = 0; index < 10; index++) {
      await known.get(`stranger-${index}`, `stranger-${index}`);
    }
    // isCurrent(), which is called for cached tokens, counts as a use of the name.
    expect(first && known.isCurrent(one, first)).toBe(true);
    await known.get('known-3', 'known-3');
    ask.mockClear();
    expect(known.get(one, one)).toBe(first);
    await known.get(two, two);
    expect(ask.mock.calls).toEqual([[two]]);
  });
});
