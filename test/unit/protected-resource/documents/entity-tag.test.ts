import { describe, expect, it } from '@jest/globals';
import { matchesEntityTag } from '../../../../lib/protected-resource/documents/entity-tag.js';

describe('matchesEntityTag', () => {
  it.each([
    [undefined, false],
    ['', false],
    ['"a"', true],
    ['W/"a"', true],
    ['"b" , W/"a"', true],
    ['a', false],
    ['*', true],
  ])('If-None-Match: %s is %s', (header, expected) => {
    expect(matchesEntityTag(header, '"a"')).toBe(expected);
  });
});
