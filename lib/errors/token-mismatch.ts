import { nearMiss } from './near-miss.js';

/**
 * The first five say who issued a token, for whom, and what for; the last two, which request a DPoP proof
 * was made for. No other claim is ever shown.
 */
const SHOWN = ['iss', 'aud', 'typ', 'azp', 'scope', 'htm', 'htu'];
const MAX_VALUES = 20;
const MAX_LENGTH = 200;

/** What a check of an access token or a DPoP proof expected, and what came instead: for the operator's eye. */
export interface TokenMismatch {
  /** The claim; or `typ` or `alg`, which are parameters of a JWT's header; of a proof, `htm` or `htu`. */
  readonly claim: string;
  /** Says what is wrong with it. */
  readonly problem: 'missing' | 'malformed' | 'unexpected';
  /** The values of which one is accepted; of a scope, all that are needed. At most 20 of them. */
  readonly expected?: readonly string[];
  /**
   * What the token has, in bounded length: only of `iss`, `aud`, `typ`, `azp` and `scope`, and of
   * a proof's `htm` and `htu`. It may come from
   * an untrusted client: escape it before you write it anywhere.
   */
  readonly received?: readonly string[];
  /** How the two differ, where it is by little: a slash at the end, the case, `http:` for `https:`. */
  readonly hint?: string;
}

/**
 * Describes why the value of a claim was not accepted.
 *
 * @param value - what the token has; not part of the result unless the claim is one of those to show
 * @param expected - left out where any value of the right type would do
 */
export function mismatch(
  claim: string,
  value: unknown,
  expected?: readonly string[],
): TokenMismatch {
  const received = SHOWN.includes(claim) ? bounded(value) : undefined;
  const hint = expected && received && nearMiss(expected, received);
  return {
    claim,
    problem: problemOf(claim, value, expected),
    ...(expected && { expected: expected.slice(0, MAX_VALUES) }),
    ...(received && { received }),
    ...(hint && { hint }),
  };
}

function problemOf(
  claim: string,
  value: unknown,
  expected: readonly string[] | undefined,
): TokenMismatch['problem'] {
  if (value === undefined || value === null) {
    return 'missing';
  }
  const isReadable = [value].flat().every((one) => ['string', 'number'].includes(typeof one));
  // An issuer is one string: in an array, the right one would be shown as unexpected.
  const isPlural = Array.isArray(value) && claim === 'iss';
  return expected !== undefined && isReadable && !isPlural ? 'unexpected' : 'malformed';
}

/** Only text: what is of another type is malformed, and not shown. */
function bounded(value: unknown): string[] | undefined {
  const texts = [value].flat().filter((one) => typeof one === 'string');
  return texts.length === 0
    ? undefined
    : texts.slice(0, MAX_VALUES).map((text) => text.slice(0, MAX_LENGTH));
}
