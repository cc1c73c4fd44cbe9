import { describe, expect, it } from '@jest/globals';
import { withFieldNames } from '../../../lib/challenge/field-names.js';

describe('a list of field names', () => {
  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'A, B'],
    ['an empty value', '', 'A, B'],
    ['another name', 'Origin', 'Origin, A, B'],
    ['several values', ['Origin', 'Accept, Cookie'], 'Origin, Accept, Cookie, A, B'],
    ['values of two responses', [undefined, ['Origin'], 'Origin'], 'Origin, A, B'],
    ['one of the names in another case', 'b, Origin', 'B, Origin, A'],
    ['empty members', ' , Origin,, ', 'Origin, A, B'],
    ['a star', '*', '*, A, B'],
    ['a number', 5, 'A, B'],
  ])('keeps %s', (_, given, expected) => {
    expect(withFieldNames(given, ['A', 'B'])).toBe(expected);
  });
});
