import { constraint } from '../validation/constraint.js';

/** Deeper than providers nest. */
const MAX_DEPTH = 10;

const WHAT =
  "must be the name of a claim, a path of member names such as ['realm_access', 'roles'], or a function of the claims";

export const IsClaimSource = constraint('isClaimSource', (value) => {
  if (typeof value === 'function') {
    return undefined;
  }
  const path: unknown[] = Array.isArray(value) ? value : [value];
  const isPath = path.length > 0 && path.length <= MAX_DEPTH && path.every(isName);
  return isPath ? undefined : WHAT;
});

function isName(name: unknown): boolean {
  return typeof name === 'string' && name !== '';
}
