import type { TokenMismatch } from './token-mismatch.js';

/** The claims that are times. What is expected of a time is not a list of values, but words such as `in the future`. */
const TIMES = ['exp', 'nbf', 'iat'];

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
  const wanted = expected ? `; ${wantedInWords(claim, expected)}` : '';
  return [`"${claim}" is ${found}${malformed}${wanted}.`, hint].filter(Boolean).join(' ');
}

function wantedInWords(claim: string, expected: readonly string[]): string {
  if (TIMES.includes(claim)) {
    return `it must be ${expected.join(' or ')}`;
  }
  return `expected ${claim === 'scope' ? 'all of' : 'one of'}: ${quoted(expected)}`;
}

function quoted(values: readonly string[]): string {
  return values.map((value) => JSON.stringify(value)).join(', ');
}
