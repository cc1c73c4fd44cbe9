import type { ChallengingResource } from '../scope/challenged-scopes.js';
import type { ScopeHierarchy } from '../scope/scope-hierarchy.js';
import type { AuthInfo } from './auth-info.js';

/**
 * The property of each caller that holds the library's internal data about the caller. It is added before the
 * caller is frozen. Computed values are added later, to the object in this property, which is not frozen.
 */
const INTERNALS = Symbol('CallerInternals');

/** The part of a protected resource that its callers refer to. */
export interface AcceptingResource extends ChallengingResource {
  readonly resource: string;
  readonly metadataUrl: string;
  readonly scopeHierarchy: ScopeHierarchy;
}

interface CallerInternals {
  readonly resource: AcceptingResource;
  [computed: symbol]: unknown;
}

type WithInternals = object & { readonly [INTERNALS]?: CallerInternals };

/**
 * Adds the internal data to a caller. It is not enumerable, so printing, copying and serializing leave it
 * out.
 */
export function attachInternals(authInfo: object, resource: AcceptingResource): void {
  Object.defineProperty(authInfo, INTERNALS, { value: { resource } satisfies CallerInternals });
}

/**
 * Returns the resource that accepted a caller's token, or `undefined` for an object that this library did not
 * create.
 */
export function acceptingResource(authInfo: object | undefined): AcceptingResource | undefined {
  return authInfo && ownInternals(authInfo)?.resource;
}

/**
 * Returns the resource of a caller, of a proxy of the caller, or of an object that inherits from the caller.
 */
export function inheritedResource(authInfo: object): AcceptingResource | undefined {
  return (authInfo as WithInternals)[INTERNALS]?.resource;
}

/**
 * Returns a function that computes a value once for each caller. For an object that this library did not create,
 * it computes the value each time.
 */
export function oncePerCaller<T>(compute: (caller: AuthInfo) => T): (caller: AuthInfo) => T {
  const key = Symbol('computed');
  return (caller) => {
    const internals = ownInternals(caller);
    return internals === undefined ? compute(caller) : ((internals[key] ??= compute(caller)) as T);
  };
}

/**
 * Returns the object's own internal data, no inherited data: an object that inherits from a caller may have
 * different members, so values that were computed for the caller may be wrong for this object.
 */
function ownInternals(authInfo: object): CallerInternals | undefined {
  return Object.hasOwn(authInfo, INTERNALS) ? (authInfo as WithInternals)[INTERNALS] : undefined;
}
