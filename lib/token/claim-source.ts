import { isJsonObject } from './json-object.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { InvalidTokenError, type InvalidTokenReason } from '../errors/invalid-token.error.js';
import { mismatch } from '../errors/token-mismatch.js';
import type { Claims, ClaimSource } from './claims-policy.js';

/** A function that returns `true` if a value has the expected type. */
type IsRight<T> = (value: unknown) => value is T;

/**
 * Reads the value of a claim source. Returns `undefined` if there is no value, or if the claim is `null`.
 *
 * @param reason - the reason of the `InvalidTokenError`
 * @throws InvalidTokenError if a claim does not have the expected type
 * @throws McpAuthConfigurationError if a function returns a value that does not have the expected type
 */
export function readSource<T>(
  claims: Claims,
  source: ClaimSource<T>,
  isRight: IsRight<T>,
  reason: InvalidTokenReason = 'claim',
): T | undefined {
  if (typeof source === 'function') {
    return compute(claims, source, isRight);
  }
  const value = at(claims, typeof source === 'string' ? [source] : source);
  if (value === undefined || value === null) {
    return undefined;
  }
  if (!isRight(value)) {
    const claim = typeof source === 'string' ? source : source.join('.');
    throw new InvalidTokenError(reason, { mismatch: mismatch(claim, value) });
  }
  return value;
}

function compute<T>(
  claims: Claims,
  find: (claims: Claims) => unknown,
  isRight: IsRight<T>,
): T | undefined {
  const value = find(claims);
  if (value === undefined || isRight(value)) {
    return value;
  }
  if (value instanceof Promise) {
    // A promise is not a valid result, so an error is thrown below. Its rejection must not end the process.
    value.catch(() => undefined);
  }
  throw new McpAuthConfigurationError(
    'A function of the option "claims" must return a string or undefined. For "scopes" and "audience" it may also return an array of strings. It must not return a promise.',
  );
}

/** Reads own members only: an inherited member such as `constructor` is not a claim. */
function at(claims: Claims, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    claims,
  );
}
