import type { ValidationOptions } from 'class-validator';

/**
 * The messages for decorators of class-validator. Each message says what would be right: `@IsIn(TYPES, must.beOneOf)`.
 */
export const must = {
  beOneOf: { message: 'must be one of: $constraint1' },
  beTrueOrFalse: { message: 'must be true or false' },
  beNonEmptyString: { message: 'must be a non-empty string' },
  beAnArray: { message: 'must be an array' },
  notBeEmpty: { message: 'must not be an empty array' },
  beAboveZero: { message: 'must be a number above 0' },
  beZeroOrMore: { message: 'must be a number of 0 or more' },
  beWholeAboveZero: { message: 'must be a whole number above 0' },
  beWholeUpToAMillion: { message: 'must be a whole number from 1 to 1000000' },
  beAtMostSeconds: { message: 'must be at most $constraint1 seconds' },
} satisfies Record<string, ValidationOptions>;
