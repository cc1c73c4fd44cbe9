import { ValidateBy, type ValidationError } from 'class-validator';

/**
 * Says what is wrong with an option's value, and so what would be right; says nothing where
 * nothing is wrong. `owner` is the options object that holds the value.
 */
export type Problem<Owner extends object = object> = (
  value: unknown,
  owner: Owner,
) => string | undefined;

/** Makes a decorator of class-validator whose message is the problem itself. */
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
 * Returns the message of the topmost decorator that found something wrong, so that decorators are checked
 * as they are read. class-validator runs them in the order in which the language applies them, which is
 * from the bottom up.
 */
export function firstProblem({ constraints }: ValidationError): string | undefined {
  return Object.values(constraints ?? {}).at(-1);
}
