import type { Type } from '@nestjs/common';
import { validateSync, type ValidationError } from 'class-validator';
import { McpAuthConfigurationError } from '../../errors/configuration.error.js';
import { assignOptions, asWritten, type OptionProblem } from './assign-options.js';
import { firstProblem } from './constraint.js';
import { displayGiven } from './display-given.js';
import { withoutCredentials } from '../../url/without-credentials.js';

/**
 * Validates options, and returns them as an instance of their class. Options that were left out stay undefined.
 *
 * @param label - the name of the options in messages
 * @throws McpAuthConfigurationError that names every wrong option on a line of its own: its path, the given value, and
 * what would be right. If there are unknown keys, or nested options that are not objects, it names only those
 */
export function validateOptions<T extends object>(
  type: Type<T>,
  given: unknown,
  label = 'The options of McpAuthModule',
): T {
  const problems: OptionProblem[] = [];
  const options = assignOptions(type, given, '', problems);
  if (!(options instanceof type)) {
    throw new McpAuthConfigurationError(`${label} must be an object${describeGiven(given)}.`);
  }
  // Values are validated only if every key is an option.
  throwIfAny(problems, label);
  const errors = validateSync(options);
  throwIfAny(
    errors.flatMap((error) => flatten(error, '')),
    label,
  );
  return options;
}

/** Describes what was given in place of options, and how to correct it. */
function describeGiven(given: unknown): string {
  if (given === undefined || given === null) {
    return `, but are ${String(given)}; does the function return them?`;
  }
  return `, not of the type ${Array.isArray(given) ? 'array' : typeof given}`;
}

function throwIfAny(problems: OptionProblem[], label: string): void {
  if (problems.length > 0) {
    throw new McpAuthConfigurationError(
      [`${label} are not valid:`, ...problems.map(line)].join('\n'),
    );
  }
}

/** Returns the problem of an option, or those of its nested options. */
function flatten(error: ValidationError, parent: string): OptionProblem[] {
  const path = join(parent, error.property);
  const problem = firstProblem(error);
  return problem === undefined
    ? (error.children ?? []).flatMap((child) => flatten(child, path))
    : [{ path, value: error.value as unknown, problem }];
}

function join(parent: string, property: string): string {
  if (parent === '') {
    return property;
  }
  return /^\d+$/.test(property) ? `${parent}[${property}]` : `${parent}.${property}`;
}

function line({ path, value, problem }: OptionProblem): string {
  return `- ${path} ${withoutCredentials(problem)}${displayGiven(path, asWritten(value))}`;
}
