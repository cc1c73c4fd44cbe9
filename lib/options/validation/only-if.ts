import { constraint } from './constraint.js';

/** Rejects an option, with this message, unless `isRight` accepts the options around it. */
export const OnlyIf = <Owner extends object>(
  isRight: (owner: Owner) => boolean,
  message: string,
): ((owner: Owner, property: string) => void) =>
  constraint<Owner>(`onlyIf: ${message}`, (_, owner) => (isRight(owner) ? undefined : message))();
