import { ValidateBy, type ValidationError } from 'class-validator';

/**
 * A function that returns what is wrong with the value of an option, or `undefined` if the value is right. The message
 * says what would be right. `owner` is the options object that contains the value.
 */
export type Problem<Owner extends object = object> = (
  value: unknown,
  owner: Owner,
) => string | undefined;

/** Creates a decorator of class-validator that has the problem as its message. */
export function constraint<Owner extends object = object>(
  name: string,
  problem: Problem<Owner>,
): () => PropertyDecorator {
  return () =>
    ValidateBy({
      name,
      validator: {
        validate: (value, args) => problem(value, args?.object as Owner) === undefined,
        defaultMessage: (args) => problem(args?.value, args?.object as Owner) ?? '',
      },
    });
}

/**
 * Returns the message of the topmost decorator that found a problem, so that decorators take effect in
 * reading order. class-validator runs them in the order in which the language applies them, from the
 * bottom up.
 */
export function firstProblem({ constraints }: ValidationError): string | undefined {
  return Object.values(constraints ?? {}).at(-1);
}
