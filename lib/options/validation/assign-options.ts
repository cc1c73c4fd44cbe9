import type { Type } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import { didYouMean } from './did-you-mean.js';
import { nestedOptions } from './nested.js';

/** What is wrong with one option: where it is, what stands there, and what should. */
export interface OptionProblem {
  path: string;
  value: unknown;
  problem: string;
}

/** An options class whose unknown keys are kept: extension fields of a published document. */
export interface ExtensibleOptions extends Type<object> {
  readonly extensible?: true;
}

/**
 * Puts what the user wrote onto instances of the options classes, so that it can be validated.
 *
 * The user's own values are taken as they are: re-creating them, as class-transformer does, would
 * run their constructors again. An unknown key is a problem, most often a misspelt option.
 */
export function assignOptions(
  type: ExtensibleOptions,
  given: unknown,
  path: string,
  problems: OptionProblem[],
): unknown {
  if (Array.isArray(given)) {
    return given.map((item, index) => assignOptions(type, item, `${path}[${index}]`, problems));
  }
  if (typeof given !== 'object' || given === null) {
    return given;
  }
  const instance = new type() as Record<string, unknown>;
  const known = knownOptions(type);
  for (const [key, value] of Object.entries(given).filter(([, value]) => value !== undefined)) {
    const at = path === '' ? key : `${path}.${key}`;
    const problem = known.includes(key) ? undefined : unknownKeyProblem(key, known, type);
    if (problem !== undefined) {
      problems.push({ path: at, value, problem });
      continue;
    }
    const nested = nestedOptions(type, key);
    instance[key] = nested ? assignNested(nested, value, at, problems) : value;
  }
  return instance;
}

function assignNested(
  { type, expand }: NonNullable<ReturnType<typeof nestedOptions>>,
  value: unknown,
  path: string,
  problems: OptionProblem[],
): unknown {
  const expanded = Array.isArray(value) ? value.map(expand) : expand(value);
  return assignOptions(type(), expanded, path, problems);
}

function knownOptions(type: Type<object>): string[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  return [...new Set(metadata.map(({ propertyName }) => propertyName))];
}

function unknownKeyProblem(
  key: string,
  known: string[],
  type: ExtensibleOptions,
): string | undefined {
  const meant = didYouMean(key, known);
  if (meant !== undefined) {
    return `is not an option; did you mean "${meant}"?`;
  }
  return type.extensible ? undefined : `is not an option; the options here are ${known.join(', ')}`;
}
