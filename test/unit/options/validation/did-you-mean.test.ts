import { describe, expect, it } from '@jest/globals';
import { didYouMean } from '../../../../lib/options/validation/did-you-mean.js';

describe('didYouMean', () => {
  it.each([
    ['audiance', 'audience'],
    ['Audience', 'audience'],
    ['audienc', 'audience'],
    ['autdience', 'audience'],
    ['jtw', 'jwt'],
    ['something', undefined],
  ])('for %s is %s', (unknown, known) => {
    expect(didYouMean(unknown, ['audience', 'jwt', 'metadata'])).toBe(known);
  });

  it('is the closest of several', () => {
    expect(didYouMean('abcd', ['abxy', 'abcx'])).toBe('abcx');
  });
});
