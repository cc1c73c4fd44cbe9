import { isJsonObject } from './json-object.js';
import { mismatch, type TokenMismatch } from '../errors/token-mismatch.js';
import type { Claims } from './claims-policy.js';

/** A value that a claim is compared with. Both value and type must be equal. */
export type ClaimValue = string | number | boolean;

/**
 * The required claims, by name: each claim must have the given value, or one of the values in an array. For a
 * claim that is an object, the required values of its members are given. The token must meet the requirements
 * of all claims that are named here.
 */
export interface RequiredClaims {
  readonly [claim: string]: ClaimValue | readonly ClaimValue[] | RequiredClaims;
}

/** The greatest depth of nested objects. Providers nest claims less deeply. */
const MAX_DEPTH = 10;

/**
 * Returns the first claim that does not hold the required value, or `undefined` if all claims do. If a claim is an
 * array, it is enough that one of its items is the required value.
 */
export function firstUnmet(
  claims: Claims,
  required: RequiredClaims,
  parent = '',
): TokenMismatch | undefined {
  for (const [name, wanted] of Object.entries(required)) {
    const found = Object.hasOwn(claims, name) ? claims[name] : undefined;
    const unmet = isJsonObject(wanted)
      ? firstUnmet(isJsonObject(found) ? found : {}, wanted, `${parent}${name}.`)
      : unmetValue(parent + name, found, [wanted].flat());
    if (unmet !== undefined) {
      return unmet;
    }
  }
  return undefined;
}

function unmetValue(
  claim: string,
  found: unknown,
  wanted: readonly ClaimValue[],
): TokenMismatch | undefined {
  return [found].flat().some((value) => wanted.includes(value as ClaimValue))
    ? undefined
    : mismatch(claim, found, wanted.map(String));
}

/** Returns what is wrong with required claims, and where, or `undefined` if they are valid. */
export function requiredClaimsProblem(
  required: unknown,
  path: readonly string[] = [],
): string | undefined {
  const what = path.length === 0 ? 'the requirement' : `the value at "${path.join('.')}"`;
  if (!isJsonObject(required) || Object.keys(required).length === 0) {
    return `${what} must be an object that names at least one claim`;
  }
  if (path.length >= MAX_DEPTH) {
    return `${what} must not be an object, because requirements are at most ${MAX_DEPTH} objects deep`;
  }
  for (const [name, wanted] of Object.entries(required)) {
    const at = [...path, name];
    const problem = isJsonObject(wanted)
      ? requiredClaimsProblem(wanted, at)
      : valueProblem(wanted, at);
    if (problem !== undefined) {
      return problem;
    }
  }
  return undefined;
}

function valueProblem(wanted: unknown, path: readonly string[]): string | undefined {
  const values: unknown[] = Array.isArray(wanted) ? wanted : [wanted];
  return values.length > 0 && values.every(isValue)
    ? undefined
    : `the value at "${path.join('.')}" must be a string, a number, a boolean, or a non-empty array of them`;
}

function isValue(value: unknown): value is ClaimValue {
  return ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
}
