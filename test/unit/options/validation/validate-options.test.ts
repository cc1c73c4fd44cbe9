import { describe, expect, it } from '@jest/globals';
import { ArrayNotEmpty, IsArray, IsIn, IsInt, Max, Min } from 'class-validator';
import { EachItem, OneOrMore } from '../../../../lib/options/validation/each-item.js';
import { must } from '../../../../lib/options/validation/must.js';
import { OnlyIf } from '../../../../lib/options/validation/only-if.js';
import { Optional } from '../../../../lib/options/validation/optional.js';
import { validateOptions } from '../../../../lib/options/validation/validate-options.js';

class Settings {
  @Optional()
  @OnlyIf<Settings>(({ on }) => on === true, 'needs "on"')
  @OnlyIf<Settings>(({ list }) => list === undefined, 'contradicts "list"')
  @IsInt({ message: 'must be whole' })
  @Min(1, { message: 'must be at least $constraint1' })
  @Max(9, { message: 'must be at most $constraint1' })
  number?: number;

  @Optional()
  @IsArray(must.beAnArray)
  @ArrayNotEmpty(must.notBeEmpty)
  @EachItem(IsIn(['a', 'b'], must.beOneOf))
  list?: unknown;

  @Optional()
  @OneOrMore(IsIn(['a', 'b'], must.beOneOf))
  oneOrMore?: unknown;

  @Optional()
  @IsIn([true, false], must.beTrueOrFalse)
  on?: boolean;
}

const failure = (given: object): string => {
  try {
    validateOptions(Settings, given, 'They');
  } catch (error) {
    return (error as Error).message.replace('They are not valid:\n- ', '');
  }
  return 'valid';
};

describe('the decorators of options', () => {
  it.each<[string, object, string]>([
    ['the first decorator’s, if several fail', { number: 'x', list: ['a'] }, 'number needs "on"'],
    [
      'the second decorator’s, if the first passes',
      { on: true, number: 'x', list: ['a'] },
      'number contradicts "list"',
    ],
    ['the type before the bounds', { on: true, number: 'x' }, 'number must be whole'],
    ['one of the bounds', { on: true, number: 10 }, 'number must be at most 9'],
    ['null, which is a value', { on: true, number: null }, 'number must be whole'],
    ['a list that is not an array', { list: 'a' }, 'list must be an array'],
    ['an empty list', { list: [] }, 'list must not be an empty array'],
    [
      'the first wrong item of a list',
      { list: ['a', 'x', 'y'] },
      'list item 1 must be one of: a, b',
    ],
    [
      'a hole in a list',
      { list: ['a', ...new Array<string>(1)] },
      'list item 1 must be one of: a, b',
    ],
    [
      'a wrong single value where one or more are allowed',
      { oneOrMore: 'x' },
      'oneOrMore must be one of: a, b',
    ],
    [
      'a wrong item where one or more are allowed',
      { oneOrMore: ['a', 'x'] },
      'oneOrMore item 1 must be one of: a, b',
    ],
    [
      'an empty list where one or more are allowed',
      { oneOrMore: [] },
      'oneOrMore must not be an empty array',
    ],
  ])('report one problem of an option: %s', (_, given, message) => {
    expect(failure(given).split(' (given:')[0]).toBe(message);
  });

  it.each([
    [{}],
    [{ on: true, number: 9 }],
    [{ list: ['a', 'b'] }],
    [{ oneOrMore: 'a' }],
    [{ oneOrMore: ['b'] }],
  ])('accept %j', (given) => {
    expect(failure(given)).toBe('valid');
  });
});
