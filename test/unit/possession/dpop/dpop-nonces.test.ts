import { expect, it, jest } from '@jest/globals';

/** Returns a nonce as a new process would make it, by loading the module again. */
async function nonceOfNewProcess(): Promise<string> {
  jest.resetModules();
  const { DpopNonces } = await import('../../../../lib/possession/dpop/dpop-nonces.js');
  return new DpopNonces('https://api.example.com').current;
}

it('nonces differ in each process without nonceSecret', async () => {
  expect(await nonceOfNewProcess()).not.toBe(await nonceOfNewProcess());
});
