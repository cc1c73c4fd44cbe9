import { AsyncLocalStorage } from 'node:async_hooks';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { Caller } from './caller.js';

/** What is known about the request, or the call, that is being handled; the guard fills it. */
export interface AuthInfoStore {
  /** Node's own request, which tells one store from another's. */
  readonly request: object;
  /** What the HTTP adapter answers with. */
  readonly response?: unknown;
  /** The arguments of the call, where a request may call several handlers. */
  readonly args?: readonly unknown[];
  authInfo: Caller | undefined;
}

const storage = new AsyncLocalStorage<AuthInfoStore>();

/** Where a request holds its store, if something can come between its guard and its handler. */
const STORE = Symbol('AuthInfoStore');

interface WithStore {
  [STORE]?: AuthInfoStore;
}

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

/** Runs `run`, and all that it starts, in a store that was opened before. */
export function runInStore<T>(store: AuthInfoStore, run: () => T): T {
  return storage.run(store, run);
}

/** Makes the store of one call within the request that is being handled, if there is one. */
export function storeOfCall(args: readonly unknown[], authInfo: Caller | undefined): AuthInfoStore {
  const { request = {}, response } = storage.getStore() ?? {};
  return { request, response, args, authInfo };
}

/** Returns the store of the request or the call that runs this code. */
export function currentStore(): AuthInfoStore | undefined {
  return storage.getStore();
}

/** Returns the store of an HTTP request, if it is the request that runs this code; Fastify's has Node's own in `raw`. */
export function ownStoreOf(request: unknown): AuthInfoStore | undefined {
  const store = storage.getStore();
  const { raw } = (request ?? {}) as { raw?: unknown };
  return store !== undefined && [request, raw].includes(store.request) ? store : undefined;
}

/** Lets {@link storeOfRequest} find the store of the request that runs this code; plain routes do not pay for it. */
export function attachStore(request: object): void {
  (request as WithStore)[STORE] = storage.getStore();
}

/** Returns the store of an HTTP request that was kept, whichever request runs this code. */
export function storeOfRequest(request: unknown): AuthInfoStore | undefined {
  const { [STORE]: own, raw } = (request ?? {}) as WithStore & { raw?: WithStore };
  // Fastify's request has Node's own in `raw`.
  return own ?? raw?.[STORE];
}

/**
 * Whether a store was opened around the request: it was, it was if it came by HTTP, or there is no
 * request to open it around.
 */
export type StoreOfRequest = 'opened' | 'optional' | 'none';

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

/** Makes `authInfo` the caller of a request. A handshake of a WebSocket gets its store here. */
export function setCallerOfRequest(authInfo: Caller, request: object): void {
  const store = storage.getStore();
  if (store?.request === request) {
    store.authInfo = authInfo;
  } else {
    (request as WithStore)[STORE] = { request, authInfo };
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
