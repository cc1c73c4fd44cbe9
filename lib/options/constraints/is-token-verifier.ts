import { TokenVerifier } from '../../token/token-verifier.js';
import { constraint } from '../validation/constraint.js';
import { itemsProblem } from '../validation/each-item.js';
import { must } from '../validation/must.js';
import { isClass } from './values.js';

/** Checks the option `tokenVerifier`: one verifier, or a list of verifiers, each for its own kind of tokens. */
export const IsTokenVerifier = constraint('isTokenVerifier', (value) =>
  Array.isArray(value) ? listProblem(value) : verifierProblem(value),
);

function verifierProblem(value: unknown): string | undefined {
  if (typeof value !== 'function') {
    return 'must be a function, or a class that extends TokenVerifier';
  }
  return isClass(value) && !(value.prototype instanceof TokenVerifier)
    ? 'must extend TokenVerifier, if it is a class'
    : undefined;
}

const itemProblem = itemsProblem(constraint('isVerifier', verifierProblem)());

function listProblem(verifiers: unknown[]): string | undefined {
  if (verifiers.length === 0) {
    return must.notBeEmpty.message;
  }
  const duplicate = verifiers.findIndex((item, index) => verifiers.indexOf(item) !== index);
  return (
    itemProblem(verifiers) ??
    (duplicate === -1 ? undefined : `item ${duplicate} is in the list already; remove it`) ??
    unreachableProblem(verifiers)
  );
}

/**
 * Finds a verifier that recognizes every token before the end of a list. No token would reach the verifiers after it.
 */
function unreachableProblem(verifiers: unknown[]): string | undefined {
  const index = verifiers.slice(0, -1).findIndex((verifier) => !hasRecognizes(verifier));
  return index === -1
    ? undefined
    : `item ${index} has no method recognizes(), so it gets every token, and no token would reach the next item; put item ${index} last, or make it a class with a method recognizes()`;
}

function hasRecognizes(verifier: unknown): boolean {
  const { prototype } = verifier as { prototype?: Partial<TokenVerifier> };
  return typeof prototype?.recognizes === 'function';
}
