import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { InvalidTokenError, type InvalidTokenReason } from '../errors/invalid-token.error.js';
import { mismatch } from '../errors/token-mismatch.js';
import type { Claims, ClaimSource } from './claims-policy.js';

/** Says whether a value is of the type that is looked for. */
type IsRight<T> = (value: unknown) => value is T;

/**
 * What stands at a source; `undefined` where nothing does, or `null`.
 *
 * @param reason - of the error if it is of another type
 * @throws InvalidTokenError if it is of another type
 * @throws McpAuthConfigurationError if a function found something of another type
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
    // It is refused below; that it fails later must not end the process.
    value.catch(() => undefined);
  }
  throw new McpAuthConfigurationError(
    'A function of the option "claims" must return, at once, a string, for scopes and audience also an array of strings, or undefined.',
  );
}

/** What is inherited is no claim: `constructor` is in every object. */
function at(claims: Claims, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    claims,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
