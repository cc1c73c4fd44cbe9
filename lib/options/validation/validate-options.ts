import type { Type } from '@nestjs/common';
import { validateSync, type ValidationError } from 'class-validator';
import { McpAuthConfigurationError } from '../../errors/configuration.error.js';
import { assignOptions, asWritten, type OptionProblem } from './assign-options.js';
import { firstProblem } from './constraint.js';
import { displayGiven } from './display-given.js';
import { withoutCredentials } from '../../url/without-credentials.js';

/**
 * The options as an instance of their class, defaults filled in.
 *
 * @param whose - what to call them in messages
 * @throws McpAuthConfigurationError naming every wrong option, one a line: its path, what was
 * given, and what would be right.
 */
export function validateOptions<T extends object>(
  type: Type<T>,
  given: unknown,
  whose = 'The options of McpAuthModule',
): T {
  const problems: OptionProblem[] = [];
  const options = assignOptions(type, given, '', problems);
  if (!(options instanceof type)) {
    throw new McpAuthConfigurationError(`${whose} must be an object${howGiven(given)}.`);
  }
  // Values are validated once they stand where they belong.
  refuse(problems, whose);
  const errors = validateSync(options);
  refuse(
    errors.flatMap((error) => flatten(error, '')),
    whose,
  );
  return options;
}

/** What is there in place of options, and the way out. */
function howGiven(given: unknown): string {
  if (given === undefined || given === null) {
    return `, and are ${String(given)}: does the function that makes them return them?`;
  }
  return `, and not of the type ${Array.isArray(given) ? 'array' : typeof given}`;
}

function refuse(problems: OptionProblem[], whose: string): void {
  if (problems.length > 0) {
    throw new McpAuthConfigurationError(
      [`${whose} are not valid:`, ...problems.map(line)].join('\n'),
    );
  }
}

/** The problem of an option, or else those of what it holds. */
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
