import { constraint } from './constraint.js';

/** Rejects an option, with this message, unless `isRight` accepts the object that contains it. */
export const OnlyIf = <Owner extends object>(
  isRight: (owner: Owner) => boolean,
  message: string,
): ((owner: Owner, property: string) => void) =>
  constraint<Owner>(`onlyIf: ${message}`, (_, owner) => (isRight(owner) ? undefined : message))();
