import type { TokenMismatch } from './token-mismatch.js';

/**
 * Describes a mismatch in a sentence or two. It contains text of the token: escape it before you write it
 * anywhere.
 */
export function mismatchInWords({
  claim,
  problem,
  expected,
  received,
  hint,
}: TokenMismatch): string {
  const found =
    problem === 'missing'
      ? 'missing'
      : ((received && quoted(received)) ?? `not accepted (${problem})`);
  const malformed = problem === 'malformed' && received ? ' (malformed)' : '';
  const quantity = claim === 'scope' ? 'all of' : 'one of';
  const wanted = expected ? `; expected ${quantity}: ${quoted(expected)}` : '';
  return [`"${claim}" is ${found}${malformed}${wanted}.`, hint].filter(Boolean).join(' ');
}

function quoted(values: readonly string[]): string {
  return values.map((value) => JSON.stringify(value)).join(', ');
}
