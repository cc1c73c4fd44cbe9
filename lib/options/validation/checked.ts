import { ValidateBy } from 'class-validator';

/**
 * Says what is wrong with an option's value, and so what would be right; says nothing where
 * nothing is wrong. `owner` is the options object that holds the value.
 */
export type Problem<Owner extends object = object> = (
  value: unknown,
  owner: Owner,
) => string | undefined;

/** A class-validator decorator whose message is the problem itself. */
export function Checked<Owner extends object = object>(
  name: string,
  problem: Problem<Owner>,
): PropertyDecorator {
  return ValidateBy({
    name,
    validator: {
      validate: (value, args) => problem(value, args?.object as Owner) === undefined,
      defaultMessage: (args) => problem(args?.value, args?.object as Owner) ?? '',
    },
  });
}

/** The problem of an array: that it is none, or its first item's. */
export function eachItem(problem: Problem): Problem {
  return (value, owner) => {
    if (!Array.isArray(value)) {
      return 'must be an array';
    }
    const problems = value.map((item: unknown) => problem(item, owner));
    const index = problems.findIndex((found) => found !== undefined);
    return index === -1 ? undefined : `item ${index} ${problems[index] ?? ''}`;
  };
}

/** The problem of a single value or of an array of them, which must not be empty. */
export function oneOrMore(problem: Problem): Problem {
  return (value, owner) => {
    if (!Array.isArray(value)) {
      return problem(value, owner);
    }
    return value.length === 0 ? 'must not be an empty array' : eachItem(problem)(value, owner);
  };
}
