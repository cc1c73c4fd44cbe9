import { applyDecorators } from '@nestjs/common';
import { IsIn, IsInt, Max, Min, MinLength } from 'class-validator';
import { scopeTokenProblem } from '../../scope/scope-token.js';
import { constraint, type Problem } from '../validation/constraint.js';
import { must } from '../validation/must.js';

/** `IsString` of class-validator takes an object of the class `String`, too. */
export const IsNonEmptyString = (): PropertyDecorator => MinLength(1, must.beNonEmptyString);

/** `IsBoolean` of class-validator takes an object of the class `Boolean`, too, and that is never falsy. */
export const IsTrueOrFalse = (): PropertyDecorator => IsIn([true, false], must.beTrueOrFalse);

/** The cache sets aside a slot for each. */
export const IsCacheSize = (): PropertyDecorator =>
  applyDecorators(
    IsInt(must.beWholeUpToAMillion),
    Min(1, must.beWholeUpToAMillion),
    Max(1_000_000, must.beWholeUpToAMillion),
  );

/** `AbortSignal.timeout` takes whole milliseconds only; nobody waits for ten minutes. */
export const millisecondsProblem: Problem = (value) =>
  Number.isInteger(value) && (value as number) > 0 && (value as number) <= 600_000
    ? undefined
    : 'must be a whole number of milliseconds from 1 to 600000';

export const IsMilliseconds = constraint('isMilliseconds', millisecondsProblem);

export const IsFunction = constraint('isFunction', (value) =>
  typeof value === 'function' ? undefined : 'must be a function',
);

export const IsScope = constraint('isScope', scopeTokenProblem);

/** Whether a value is written as a class; else, if it can be called, it is a plain function. */
export function isClass(value: unknown): value is { readonly prototype: unknown } {
  return typeof value === 'function' && Function.prototype.toString.call(value).startsWith('class');
}
