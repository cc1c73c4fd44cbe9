import type { ScopeHierarchy } from '../scope/scope-hierarchy.js';
import type { AuthInfo } from './auth-info.js';

/**
 * One slot on each caller, for all that the library internals about it. It is put there before the caller is
 * frozen: a private field cannot be added afterwards everywhere, and a `WeakMap` of callers that live as
 * long as a request takes the garbage collector more time than making them.
 */
const INTERNALS = Symbol('CallerInternals');

/** As much of a protected resource as its callers know of it. */
export interface AcceptingResource {
  readonly resource: string;
  readonly metadataUrl: string;
  readonly scopeHierarchy: ScopeHierarchy;
}

interface CallerInternals {
  readonly resource: AcceptingResource;
  [worked: symbol]: unknown;
}

type WithInternals = object & { readonly [INTERNALS]?: CallerInternals };

/** Makes the slot of a caller. What prints, copies or serializes the caller leaves it out. */
export function attachInternals(authInfo: object, resource: AcceptingResource): void {
  Object.defineProperty(authInfo, INTERNALS, { value: { resource } satisfies CallerInternals });
}

/** Returns the resource that accepted a caller's token; nothing for an object that is not of our making. */
export function acceptingResource(authInfo: object | undefined): AcceptingResource | undefined {
  return authInfo && ownInternals(authInfo)?.resource;
}

/** Returns the resource that a caller, a proxy of one or an heir of one belongs to. */
export function inheritedResource(authInfo: object): AcceptingResource | undefined {
  return (authInfo as WithInternals)[INTERNALS]?.resource;
}

/** Returns a function that works something out once for each caller. */
export function oncePerCaller<T>(workOut: (caller: AuthInfo) => T): (caller: AuthInfo) => T {
  const key = Symbol('worked');
  return (caller) => {
    const internals = ownInternals(caller);
    return internals === undefined ? workOut(caller) : ((internals[key] ??= workOut(caller)) as T);
  };
}

/** An heir may say something else than the caller that it inherits from. */
function ownInternals(authInfo: object): CallerInternals | undefined {
  return Object.hasOwn(authInfo, INTERNALS) ? (authInfo as WithInternals)[INTERNALS] : undefined;
}
