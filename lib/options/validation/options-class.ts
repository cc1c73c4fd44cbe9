import type { Type } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';

/** A class that options are validated as. */
export interface OptionsClass extends Type<object> {
  /** Unknown keys are kept: extension fields of a published document. */
  readonly extensible?: true;
  /** What its options are, for a message about one that stands above or below its place. */
  readonly memberIs?: string;
  /** Keys that are given outside of the options, with what to do about each. */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

/** The names of the options that a class declares. */
export function optionNames(type: Type<object>): string[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  return [...new Set(metadata.map(({ propertyName }) => propertyName))];
}
