import { constraint } from './constraint.js';

/** An option that is right only together with other options; else the message says so. */
export const OnlyIf = <Owner extends object>(
  isRight: (owner: Owner) => boolean,
  message: string,
): ((owner: Owner, property: string) => void) =>
  constraint<Owner>(`onlyIf: ${message}`, (_, owner) => (isRight(owner) ? undefined : message))();
