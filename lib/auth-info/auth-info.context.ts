import { AsyncLocalStorage } from 'node:async_hooks';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { Caller } from './caller.js';

/** The data of the request or call that is being handled. The guard sets the caller. */
export interface AuthInfoStore {
  /** Node's own request object, which identifies the store. */
  readonly request: object;
  /** The response object of the HTTP adapter. */
  readonly response?: unknown;
  /** The arguments of the call. Set where one request may call several handlers. */
  readonly args?: readonly unknown[];
  authInfo: Caller | undefined;
}

const storage = new AsyncLocalStorage<AuthInfoStore>();

/**
 * The property of a request that holds its store. It is set in two cases: interceptors can run between the
 * guard and the handler, or the caller's request did not open the current store, as with a WebSocket.
 */
const STORE = Symbol('AuthInfoStore');

interface WithStore {
  [STORE]?: AuthInfoStore;
}

/**
 * Runs `next`, and everything that it starts, in a store of its own.
 *
 * The store must be opened around the request, before any guard. `enterWith` in the guard would change the
 * store of all other code in the same asynchronous context. Another request would then run with this caller.
 */
export function runWithAuthInfo(request: object, response: unknown, next: () => void): void {
  storage.run({ request, response, authInfo: undefined }, next);
}

/** Runs `run`, and everything that it starts, in an existing store. */
export function runInStore<T>(store: AuthInfoStore, run: () => T): T {
  return storage.run(store, run);
}

/** Creates the store of one call. It belongs to the request that is being handled, if there is one. */
export function storeOfCall(args: readonly unknown[], authInfo: Caller | undefined): AuthInfoStore {
  const { request = {}, response } = storage.getStore() ?? {};
  return { request, response, args, authInfo };
}

/** Returns the store of the request or call that runs this code. */
export function currentStore(): AuthInfoStore | undefined {
  return storage.getStore();
}

/**
 * Returns the store of an HTTP request, if this code runs in the context of that request. Fastify's request
 * holds Node's own request in `raw`.
 */
export function ownStoreOf(request: unknown): AuthInfoStore | undefined {
  const store = storage.getStore();
  const { raw } = (request ?? {}) as { raw?: unknown };
  return store !== undefined && [request, raw].includes(store.request) ? store : undefined;
}

/**
 * Attaches the current store to its request, so that {@link storeOfRequest} finds it. Routes without
 * interceptors do not need it.
 */
export function attachStore(request: object): void {
  (request as WithStore)[STORE] = storage.getStore();
}

/**
 * Returns the store that was attached to an HTTP request, even if this code runs in the context of another
 * request.
 */
export function storeOfRequest(request: unknown): AuthInfoStore | undefined {
  const { [STORE]: own, raw } = (request ?? {}) as WithStore & { raw?: WithStore };
  // Fastify's request holds Node's own request in `raw`.
  return own ?? raw?.[STORE];
}

/**
 * The store that {@link assertOwnStore} expects:
 * - `opened`: a store was opened around the request;
 * - `optional`: a store was opened if the request came by HTTP;
 * - `none`: there is no request that a store could be opened around, so nothing is checked.
 */
export type StoreOfRequest = 'opened' | 'optional' | 'none';

/**
 * Checks that the current store is the request's own.
 *
 * A middleware that calls `next()` from another request's callback (a batch, a queue) moves this request
 * into the other request's context. Code that asks for the caller would then get another caller.
 *
 * @throws McpAuthConfigurationError if the current store is missing or belongs to another request. The error
 * becomes a 500: neither the caller nor the token is to blame
 */
export function assertOwnStore(request: object, expected: StoreOfRequest = 'opened'): void {
  const store = storage.getStore();
  const isMissing = store === undefined && expected === 'opened';
  const isForeign = store !== undefined && store.request !== request && expected !== 'none';
  if (isMissing || isForeign) {
    throw new McpAuthConfigurationError(
      'A middleware has lost the asynchronous context of this request: it calls next() from a callback that was ' +
        'made for another request or outside of requests. In that middleware, bind next with AsyncResource.bind().',
    );
  }
}

/**
 * Returns whether `request` is the HTTP request that is being handled. Returns `false` for a message and for
 * a handshake.
 */
export function isCurrentRequest(request: object): boolean {
  return storage.getStore()?.request === request;
}

/** Sets the caller of a request. A request that did not open the current store gets a store of its own. */
export function setCallerOfRequest(authInfo: Caller, request: object): void {
  const store = storage.getStore();
  if (store?.request === request) {
    store.authInfo = authInfo;
  } else {
    (request as WithStore)[STORE] = { request, authInfo };
  }
}

/** Returns the caller of the current request, or `undefined` outside an authenticated request. */
export function currentAuthInfo(): Caller | undefined {
  return storage.getStore()?.authInfo;
}

/** Returns the response of the current request, or `undefined` outside HTTP. */
export function currentResponse(): unknown {
  return storage.getStore()?.response;
}
