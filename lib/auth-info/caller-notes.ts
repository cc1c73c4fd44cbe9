import type { ScopeHierarchy } from '../scope/scope-hierarchy.js';
import type { AuthInfo } from './auth-info.js';

/**
 * One slot on each caller, for all that the library notes about it. It is put there before the caller is
 * frozen: a private field cannot be added afterwards everywhere, and a `WeakMap` of callers that live as
 * long as a request takes the garbage collector more time than making them.
 */
const NOTES = Symbol('CallerNotes');

/** As much of a protected resource as its callers know of it. */
export interface AcceptingResource {
  readonly resource: string;
  readonly metadataUrl: string;
  readonly scopeHierarchy: ScopeHierarchy;
}

interface CallerNotes {
  readonly resource: AcceptingResource;
  [worked: symbol]: unknown;
}

type Noted = object & { readonly [NOTES]?: CallerNotes };

/** Makes the slot of a caller. What prints, copies or serializes the caller leaves it out. */
export function openNotes(authInfo: object, resource: AcceptingResource): void {
  Object.defineProperty(authInfo, NOTES, { value: { resource } satisfies CallerNotes });
}

/** Returns the resource that accepted a caller's token; nothing for an object that is not of our making. */
export function acceptingResource(authInfo: object | undefined): AcceptingResource | undefined {
  return authInfo && ownNotes(authInfo)?.resource;
}

/** Returns the resource that a caller, a proxy of one or an heir of one belongs to. */
export function inheritedResource(authInfo: object): AcceptingResource | undefined {
  return (authInfo as Noted)[NOTES]?.resource;
}

/** Returns a function that works something out once for each caller. */
export function oncePerCaller<T>(workOut: (caller: AuthInfo) => T): (caller: AuthInfo) => T {
  const key = Symbol('worked');
  return (caller) => {
    const notes = ownNotes(caller);
    return notes === undefined ? workOut(caller) : ((notes[key] ??= workOut(caller)) as T);
  };
}

/** An heir may say something else than the caller that it inherits from. */
function ownNotes(authInfo: object): CallerNotes | undefined {
  return Object.hasOwn(authInfo, NOTES) ? (authInfo as Noted)[NOTES] : undefined;
}
