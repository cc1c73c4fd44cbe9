import { applyDecorators } from '@nestjs/common';
import { validateSync } from 'class-validator';
import { constraint, firstProblem } from './constraint.js';
import { must } from './must.js';

/**
 * Applies decorators to each item of an array. Unlike `each: true` of class-validator, the message names the
 * first item that is wrong. A value that is not an array is **not** checked: add `@IsArray()`.
 */
export function EachItem(...decorators: PropertyDecorator[]): PropertyDecorator {
  const problemOf = itemsProblem(...decorators);
  return constraint('eachItem', (value) => (Array.isArray(value) ? problemOf(value) : undefined))();
}

/** Applies decorators to a single value, or to each item of an array, which must not be empty. */
export function OneOrMore(...decorators: PropertyDecorator[]): PropertyDecorator {
  const problemOfOne = valueProblem(decorators);
  const problemOfItems = itemsProblem(...decorators);
  return constraint('oneOrMore', (value) => {
    if (!Array.isArray(value)) {
      return problemOfOne(value);
    }
    return value.length === 0 ? must.notBeEmpty.message : problemOfItems(value);
  })();
}

/** Creates a function that names the first item that is wrong. A hole in an array counts as an item. */
export function itemsProblem(
  ...decorators: PropertyDecorator[]
): (items: readonly unknown[]) => string | undefined {
  const problemOf = valueProblem(decorators);
  return (items) => {
    const problems = Array.from(items, problemOf);
    const index = problems.findIndex((found) => found !== undefined);
    return index === -1 ? undefined : `item ${index} ${problems[index] ?? ''}`;
  };
}

/** Creates a function that returns the problem that decorators of class-validator find in a value. */
function valueProblem(decorators: PropertyDecorator[]): (value: unknown) => string | undefined {
  class Single {
    constructor(readonly value: unknown) {}
  }
  applyDecorators(...decorators)(Single.prototype, 'value');
  return (value) => validateSync(new Single(value)).map(firstProblem).find(Boolean);
}
