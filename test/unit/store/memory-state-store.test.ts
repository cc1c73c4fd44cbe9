import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { MemoryStateStore } from 'nestjs-mcp-auth';

const now = performance.now.bind(performance);
const later = (seconds: number) => {
  jest.spyOn(performance, 'now').mockImplementation(() => now() + seconds * 1000);
};

afterEach(() => {
  jest.spyOn(performance, 'now').mockRestore();
  jest.spyOn(Date, 'now').mockRestore();
});

describe('a state store in memory', () => {
  it('reports a key as new once, until its time is over', () => {
    const store = new MemoryStateStore();
    expect([store.firstTime('a', 60), store.firstTime('a', 60)]).toEqual([true, false]);
    later(59);
    expect(store.firstTime('a', 60)).toBe(false);
    later(61);
    expect([store.firstTime('a', 60), store.firstTime('a', 60)]).toEqual([true, false]);
  });

  it('does not keep a key longer because it is asked again', () => {
    const store = new MemoryStateStore();
    store.firstTime('a', 60);
    later(50);
    store.firstTime('a', 60);
    later(61);
    expect(store.firstTime('a', 60)).toBe(true);
  });

  it('returns values in the order of the keys, until their time is over', () => {
    const store = new MemoryStateStore();
    store.put('a', '1', 60);
    store.put('b', '2', 120);
    store.put('c', '', 60);
    expect(store.get(['b', 'x', 'a', 'c'])).toEqual(['2', undefined, '1', '']);
    later(61);
    expect(store.get(['a', 'b'])).toEqual([undefined, '2']);
    expect(store.get([])).toEqual([]);
  });

  it('replaces a value together with its expiry', () => {
    const store = new MemoryStateStore();
    store.put('a', '1', 60);
    store.put('a', '2', 120);
    later(61);
    expect(store.get(['a'])).toEqual(['2']);
  });

  it('keeps values apart from keys of firstTime()', () => {
    const store = new MemoryStateStore();
    store.put('a', '1', 60);
    expect([store.firstTime('a', 60), store.get(['a'])]).toEqual([true, ['1']]);
  });

  it('keeps keys when the wall clock changes', () => {
    const store = new MemoryStateStore();
    store.firstTime('a', 60);
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 1e9);
    expect(store.firstTime('a', 60)).toBe(false);
    jest.spyOn(Date, 'now').mockReturnValue(0);
    expect(store.firstTime('a', 60)).toBe(false);
  });

  it('evicts no key when it is full: it throws until there is room', () => {
    const store = new MemoryStateStore({ maxKeys: 2 });
    const full = /no room for more than 2 keys/;
    expect([store.firstTime('a', 60), store.firstTime('b', 120)]).toEqual([true, true]);
    expect(() => store.firstTime('c', 60)).toThrow(full);
    expect([store.firstTime('a', 60), store.firstTime('b', 60)]).toEqual([false, false]);
    later(61);
    expect(store.firstTime('c', 60)).toBe(true);
    expect(() => store.firstTime('d', 60)).toThrow(full);
    expect(store.firstTime('b', 60)).toBe(false);
  });

  it('evicts no value when it is full, and still replaces a stored value', () => {
    const store = new MemoryStateStore({ maxKeys: 1 });
    store.put('a', '1', 60);
    expect(() => store.put('b', '1', 60)).toThrow(/no room/);
    store.put('a', '2', 60);
    expect(store.get(['a', 'b'])).toEqual(['2', undefined]);
  });

  it('stores values while it is full of keys of firstTime()', () => {
    const store = new MemoryStateStore({ maxKeys: 1 });
    store.firstTime('a', 60);
    expect(() => store.firstTime('b', 60)).toThrow(/no room/);
    store.put('c', '1', 60);
    expect(store.get(['c'])).toEqual(['1']);
  });

  it('has room for 100,000 keys by default', () => {
    const store = new MemoryStateStore();
    const keys = Array.from({ length: 100_000 }, (_, index) => String(index));
    expect(keys.every((key) => store.firstTime(key, 60))).toBe(true);
    expect(() => store.firstTime('more', 60)).toThrow(/no room for more than 100000 keys/);
  });

  it('searches for expired keys now and then, not on each call while it is full', () => {
    const store = new MemoryStateStore({ maxKeys: 1000 });
    const fill = (from: number) =>
      Array.from({ length: 1000 }, (_, n) => store.firstTime(`${from}-${n}`, 10));
    later(0);
    fill(0);
    const visits = jest.spyOn(Map.prototype, Symbol.iterator);
    for (let attempt = 0; attempt < 50; attempt++) {
      expect(() => store.firstTime(`no-${attempt}`, 10)).toThrow(/no room/);
    }
    expect(visits.mock.calls.length).toBe(1);
    visits.mockRestore();
    later(11);
    expect(fill(1).every(Boolean)).toBe(true);
  });

  it('deletes expired keys long before it is full', () => {
    const store = new MemoryStateStore();
    const deletions = jest.spyOn(Map.prototype, 'delete');
    Array.from({ length: 1000 }, (_, n) => store.firstTime(`old-${n}`, 10));
    later(11);
    store.firstTime('new', 10);
    expect(deletions.mock.calls.length).toBe(1000);
    deletions.mockRestore();
  });

  it.each([0, -1, 1.5, NaN, Infinity, '5' as never])('rejects maxKeys: %p', (maxKeys) => {
    expect(() => new MemoryStateStore({ maxKeys })).toThrow(/maxKeys of MemoryStateStore must be/);
  });
});
