import { applyDecorators } from '@nestjs/common';
import { IsIn, IsInt, Max, Min, MinLength } from 'class-validator';
import { scopeTokenProblem } from '../../scope/scope-token.js';
import { constraint, type Problem } from '../validation/constraint.js';
import { must } from '../validation/must.js';

/** Checks for a primitive string. `IsString` of class-validator also accepts a `String` object. */
export const IsNonEmptyString = (): PropertyDecorator => MinLength(1, must.beNonEmptyString);

/**
 * Checks for a primitive boolean. `IsBoolean` of class-validator also accepts a `Boolean` object, which is never
 * falsy.
 */
export const IsTrueOrFalse = (): PropertyDecorator => IsIn([true, false], must.beTrueOrFalse);

/**
 * Checks the size of a cache. It is limited because the cache reserves memory for all its entries at the
 * start.
 */
export const IsCacheSize = (): PropertyDecorator =>
  applyDecorators(
    IsInt(must.beWholeUpToAMillion),
    Min(1, must.beWholeUpToAMillion),
    Max(1_000_000, must.beWholeUpToAMillion),
  );

/** Checks a timeout: whole milliseconds, at most ten minutes. */
export const millisecondsProblem: Problem = (value) =>
  Number.isInteger(value) && (value as number) > 0 && (value as number) <= 600_000
    ? undefined
    : 'must be a whole number of milliseconds from 1 to 600000';

export const IsMilliseconds = constraint('isMilliseconds', millisecondsProblem);

export const IsFunction = constraint('isFunction', (value) =>
  typeof value === 'function' ? undefined : 'must be a function',
);

export const IsScope = constraint('isScope', scopeTokenProblem);

/** Returns `true` for a value written as a `class`, `false` for a plain function. */
export function isClass(value: unknown): value is { readonly prototype: unknown } {
  return typeof value === 'function' && Function.prototype.toString.call(value).startsWith('class');
}
