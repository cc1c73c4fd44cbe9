import type { Type } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';

/** A class that validates options. */
export interface OptionsClass extends Type<object> {
  /** `true` if unknown keys are accepted: they are extension fields of a published document. */
  readonly extensible?: true;
  /** A description of the options of this class, for the message about a misplaced option. */
  readonly memberIs?: string;
  /** The keys that belong outside the options, with a message about each. */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

/** Returns the names of the options that a class declares. */
export function optionNames(type: Type<object>): string[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  return [...new Set(metadata.map(({ propertyName }) => propertyName))];
}
