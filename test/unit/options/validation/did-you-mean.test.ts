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
  ])('suggests for %s: %s', (unknown, known) => {
    expect(didYouMean(unknown, ['audience', 'jwt', 'metadata'])).toBe(known);
  });

  it('suggests the closest of several names', () => {
    expect(didYouMean('abcd', ['abxy', 'abcx'])).toBe('abcx');
  });
});
