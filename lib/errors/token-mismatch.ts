import { nearMiss } from './near-miss.js';

/**
 * The claims whose received values may be shown. The first five say who issued the token, to whom, and for
 * what. The last two are about the request for which a DPoP proof was made.
 */
const SHOWN = ['iss', 'aud', 'typ', 'azp', 'scope', 'htm', 'htu'];
const MAX_VALUES = 20;
const MAX_LENGTH = 200;

/**
 * The expected and the received value of a failed check of an access token or a DPoP proof, for the
 * operator.
 */
export interface TokenMismatch {
  /**
   * The name of the claim, such as `aud` or `scope`, or `typ` or `alg` of the JWT's header. For a DPoP proof,
   * `htm` or `htu`.
   */
  readonly claim: string;
  /** The problem of the claim. */
  readonly problem: 'missing' | 'malformed' | 'unexpected';
  /**
   * The accepted values, at most 20. The claim must have one of them; `scope` must have all. For the times `exp`,
   * `nbf` and `iat`, this is one text such as `in the future`.
   */
  readonly expected?: readonly string[];
  /**
   * The values in the token, of limited length. Set only for `iss`, `aud`, `typ`, `azp` and `scope`, and
   * for the `htm` and `htu` of a proof. They may come from an untrusted client: escape them before you
   * write them anywhere.
   */
  readonly received?: readonly string[];
  /** A description of a small difference: a slash at the end, case, `http:` instead of `https:`, or space. */
  readonly hint?: string;
}

/**
 * Describes why the value of a claim was not accepted.
 *
 * @param value - the value in the token; part of the result only for the claims that may be shown
 * @param expected - absent if any value of the right type is accepted
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
  // An issuer must be one string: in an array, even the right issuer is malformed.
  const isPlural = Array.isArray(value) && claim === 'iss';
  return expected !== undefined && isReadable && !isPlural ? 'unexpected' : 'malformed';
}

/** Returns the texts of a value, of limited number and length. Values of another type are not shown. */
function bounded(value: unknown): string[] | undefined {
  const texts = [value].flat().filter((one) => typeof one === 'string');
  return texts.length === 0
    ? undefined
    : texts.slice(0, MAX_VALUES).map((text) => text.slice(0, MAX_LENGTH));
}
