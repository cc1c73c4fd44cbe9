import { inspect } from 'node:util';
import type { Type } from '@nestjs/common';
import { validateSync, type ValidationError } from 'class-validator';
import { McpAuthConfigurationError } from '../../errors/configuration.error.js';
import { assignOptions, type OptionProblem } from './assign-options.js';

/**
 * The options as an instance of their class, defaults filled in.
 *
 * @throws McpAuthConfigurationError naming every wrong option, one a line: its path, what was
 * given, and what would be right.
 */
export function validateOptions<T extends object>(type: Type<T>, given: unknown): T {
  const problems: OptionProblem[] = [];
  const options = assignOptions(type, given, '', problems);
  if (!(options instanceof type)) {
    throw new McpAuthConfigurationError(`The options of McpAuthModule must be an object.`);
  }
  // Values are validated once they stand where they belong.
  refuse(problems);
  refuse(validateSync(options, { stopAtFirstError: true }).flatMap((error) => flatten(error, '')));
  return options;
}

function refuse(problems: OptionProblem[]): void {
  if (problems.length > 0) {
    throw new McpAuthConfigurationError(
      ['The options of McpAuthModule are not valid:', ...problems.map(line)].join('\n'),
    );
  }
}

function flatten(
  { property, value, constraints, children }: ValidationError,
  parent: string,
): OptionProblem[] {
  const path = join(parent, property);
  const own = Object.values(constraints ?? {}).map((problem) => ({
    path,
    value: value as unknown,
    problem,
  }));
  return [...own, ...(children ?? []).flatMap((child) => flatten(child, path))];
}

function join(parent: string, property: string): string {
  if (parent === '') {
    return property;
  }
  return /^\d+$/.test(property) ? `${parent}[${property}]` : `${parent}.${property}`;
}

function line({ path, value, problem }: OptionProblem): string {
  return `- ${path} ${problem}${isNested(value) ? '' : ` (given: ${display(value)})`}`;
}

/** A message about options within options names what it is about itself. */
function isNested(value: unknown): boolean {
  const members = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return members.some((member) => typeof member === 'object' && member !== null);
}

function display(value: unknown): string {
  const isSettings = typeof value === 'object' && value !== null && !Array.isArray(value);
  const given = isSettings ? { ...value } : value;
  const text = given === undefined ? 'nothing' : inspect(given, { breakLength: Infinity });
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
