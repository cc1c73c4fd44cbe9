import { describe, expect, it } from '@jest/globals';
import { assertConditions } from '../../../lib/guard/conditions.js';

type Policy = Parameters<typeof assertConditions>[0];
const ask = (...answers: unknown[]) =>
  assertConditions(
    {
      handler: { controller: Array, method: 'list' },
      conditions: answers.map((answer) => ({ isMet: () => answer })),
    } as unknown as Policy,
    {} as never,
    {},
  );

describe('conditions', () => {
  it('are met if all return true, and reject if one returns false', async () => {
    await expect(ask(true, true)).resolves.toBeUndefined();
    await expect(ask(true, false)).rejects.toThrow('not open');
  });

  it('are awaited if they return promises', async () => {
    await expect(ask(true, Promise.resolve(true), true)).resolves.toBeUndefined();
    await expect(ask(true, Promise.resolve(true), false)).rejects.toThrow('not open');
  });
});
