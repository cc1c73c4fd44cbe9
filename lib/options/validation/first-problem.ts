import type { ValidationError } from 'class-validator';

/**
 * Returns the message of the topmost decorator that found something wrong, so that decorators are checked
 * as they are read. class-validator runs them in the order in which the language applies them, which is
 * from the bottom up.
 */
export function firstProblem({ constraints }: ValidationError): string | undefined {
  return Object.values(constraints ?? {}).at(-1);
}
