import { AsyncLocalStorage } from 'node:async_hooks';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { Caller } from './caller.js';

/** What is known about the request that is being handled; the guard fills it. */
interface AuthInfoStore {
  /** Node's own request, which tells one store from another's. */
  readonly request: object;
  /** What the HTTP adapter answers with. */
  readonly response?: unknown;
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
export function runWithAuthInfo(request: object, response: unknown, next: () => void): void {
  storage.run({ request, response, authInfo: undefined }, next);
}

/** Runs `run` in a store within the current one, if there is any, where `authInfo` is the caller. */
export function runAs<T>(authInfo: Caller | undefined, run: () => T): T {
  const { request = {}, response } = storage.getStore() ?? {};
  return storage.run({ request, response, authInfo }, run);
}

/**
 * Whether a store was opened around the request: it was, it was if it came by HTTP, or there is no
 * request to open it around.
 */
export type StoreOfRequest = 'opened' | 'perhaps' | 'none';

/**
 * Refuses to go on where the store is not the request's own: a middleware that calls `next()` from
 * another request's callback (a batch, a queue) has taken this request into that one's context, and
 * whoever asks for the caller would be given somebody else.
 *
 * @throws McpAuthConfigurationError which becomes 500: neither the caller nor the token is to blame
 */
export function assertOwnStore(request: object, expected: StoreOfRequest = 'opened'): void {
  const store = storage.getStore();
  const isMissing = store === undefined && expected === 'opened';
  const isForeign = store !== undefined && store.request !== request && expected !== 'none';
  if (isMissing || isForeign) {
    throw new McpAuthConfigurationError(
      'A middleware has lost the asynchronous context of this request: it calls next() from another ' +
        "request's callback. Bind next with AsyncResource.bind() there.",
    );
  }
}

/** Whether `request` is the HTTP request that is being handled: no message, and no handshake. */
export function isCurrentRequest(request: object): boolean {
  return storage.getStore()?.request === request;
}

/** Makes `authInfo` the caller of the current request, if that is `request`. */
export function setCurrentAuthInfo(authInfo: Caller, request: object): void {
  const store = storage.getStore();
  if (store?.request === request) {
    store.authInfo = authInfo;
  }
}

/** The caller of the current request; nothing outside an authenticated request. */
export function currentAuthInfo(): Caller | undefined {
  return storage.getStore()?.authInfo;
}

/** What the current request is answered with; nothing outside HTTP. */
export function currentResponse(): unknown {
  return storage.getStore()?.response;
}
