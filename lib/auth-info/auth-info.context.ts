import { AsyncLocalStorage } from 'node:async_hooks';
import type { Caller } from './caller.js';

/** What is known about the request that is being handled; the guard fills it. */
interface AuthInfoStore {
  authInfo: Caller | undefined;
}

const storage = new AsyncLocalStorage<AuthInfoStore>();

/**
 * Runs `next`, and all that it starts, in a store of its own.
 *
 * It must be opened around the request, before any guard: `enterWith` in the guard would change the
 * store of whatever else runs in the same asynchronous context, and give one caller's name to
 * another's request.
 */
export function runWithAuthInfo(next: () => void): void {
  storage.run({ authInfo: undefined }, next);
}

/** Makes `authInfo` the caller of the current request. Without a store there is nothing to fill. */
export function setCurrentAuthInfo(authInfo: Caller): void {
  const store = storage.getStore();
  if (store !== undefined) {
    store.authInfo = authInfo;
  }
}

/** The caller of the current request; nothing outside an authenticated request. */
export function currentAuthInfo(): Caller | undefined {
  return storage.getStore()?.authInfo;
}
