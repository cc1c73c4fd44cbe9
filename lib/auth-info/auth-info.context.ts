import { AsyncLocalStorage } from 'node:async_hooks';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { Caller } from './caller.js';

/** What is known about the request that is being handled; the guard fills it. */
interface AuthInfoStore {
  /** Node's own request, which tells one store from another's. */
  readonly request: object;
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
export function runWithAuthInfo(request: object, next: () => void): void {
  storage.run({ request, authInfo: undefined }, next);
}

/**
 * Refuses to go on where the store is not the request's own: a middleware that calls `next()` from
 * another request's callback (a batch, a queue) has taken this request into that one's context, and
 * whoever asks for the caller would be given somebody else.
 *
 * @throws McpAuthConfigurationError which becomes 500: neither the caller nor the token is to blame
 */
export function assertOwnStore(request: object): void {
  if (storage.getStore()?.request !== request) {
    throw new McpAuthConfigurationError(
      'A middleware has lost the asynchronous context of this request: it calls next() from another ' +
        "request's callback. Bind next with AsyncResource.bind() there.",
    );
  }
}

/** Makes `authInfo` the caller of the current request. */
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
