import { getEventListeners, once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { Deadline } from '../../../lib/async/deadline.js';
import { collectGarbage } from '../../support/collect-garbage.js';

const HOUR = 3_600_000;

const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

describe('a deadline', () => {
  it('aborts its signal with a TimeoutError when the time is over', async () => {
    const deadline = new Deadline(1);
    const keepAlive = setTimeout(() => undefined, HOUR);
    await once(deadline.signal, 'abort');
    clearTimeout(keepAlive);
    expect(deadline.isOver).toBe(true);
    expect(deadline.signal.reason).toMatchObject({ name: 'TimeoutError' });
  });

  it('aborts with the given signal, whether the signal aborts before or after the deadline is made', () => {
    const closing = new AbortController();
    const before = new Deadline(HOUR, closing.signal);
    closing.abort('closed');
    for (const deadline of [before, new Deadline(HOUR, closing.signal)]) {
      expect(deadline.signal.reason).toBe('closed');
      expect(deadline.isOver).toBe(false);
      deadline.clear();
    }
  });

  it('leaves no timer and no listener behind once it is cleared', async () => {
    const closing = new AbortController();
    const running = timers();
    const signal = (() => {
      const deadline = new Deadline(HOUR, closing.signal);
      expect(getEventListeners(closing.signal, 'abort')).toHaveLength(1);
      deadline.clear();
      return new WeakRef(deadline.signal);
    })();
    expect(getEventListeners(closing.signal, 'abort')).toEqual([]);
    expect(timers()).toBe(running);
    await collectGarbage();
    expect(signal.deref()).toBeUndefined();
  });
});
