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
  ])('returns for If-None-Match: %s against "a": %s', (header, expected) => {
    expect(matchesEntityTag(header, '"a"')).toBe(expected);
  });
});
