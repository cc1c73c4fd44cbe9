import type { ExecutionContext } from '@nestjs/common';
import { getOrMake } from '../cache/get-or-make.js';
import { graphqlContextOf, requestOfOperation } from '../handler/graphql-context.js';
import {
  currentAuthInfo,
  ownStoreOf,
  storeOfCall,
  storeOfRequest,
  type AuthInfoStore,
} from './auth-info.context.js';
import type { Caller } from './caller.js';

/**
 * The stores of calls. The key is the array of arguments, which the guard and the interceptors of a call
 * share.
 */
const stores = new WeakMap<readonly unknown[], AuthInfoStore>();

/**
 * The callers of GraphQL operations. The key is the operation's context. Field resolvers need this map,
 * because by default they run without guards.
 */
const callersOfOperations = new WeakMap<object, Caller>();

/**
 * Sets the caller of one call of a resolver, a gateway or a message handler, not of an HTTP route. An
 * anonymous or public call has no caller. It does not get the caller of the request that it is part of.
 */
export function setCallerOfCall(context: ExecutionContext, caller: Caller | undefined): void {
  const args = context.getArgs();
  stores.set(args, storeOfCall(args, caller));
  const operation = context.getType<string>() === 'graphql' ? graphqlContextOf(args) : undefined;
  if (operation !== undefined && caller !== undefined) {
    callersOfOperations.set(operation, caller);
  }
}

/** Returns the store of a call. Creates the store if the call has none yet. */
export function openStoreOfCall(context: ExecutionContext): AuthInfoStore {
  const args = context.getArgs();
  const request: unknown = args[0];
  if (context.getType() === 'http' && isRequest(request)) {
    // A request that passed no guard has no caller.
    return storeOfRequest(request) ?? ownStoreOf(request) ?? { request, authInfo: undefined };
  }
  return getOrMake(stores, args, () => storeOfCall(args, callerByDefault(context)));
}

/**
 * Returns the caller of a call that passed no guard. A call over a WebSocket or GraphQL then has no caller. Any
 * other call, such as a message that the process sends to itself, is part of the call that makes it, and has
 * the caller of that call.
 */
function callerByDefault(context: ExecutionContext): Caller | undefined {
  return ['ws', 'graphql'].includes(context.getType<string>()) ? undefined : currentAuthInfo();
}

function isRequest(request: unknown): request is object {
  return typeof request === 'object' && request !== null && 'headers' in request;
}

/** Returns the caller of the operation that a field resolver belongs to. */
export function callerOfOperation(args: readonly unknown[]): Caller | undefined {
  const operation = graphqlContextOf(args);
  const caller = operation && callersOfOperations.get(operation);
  // The context may be a copy of the context that the guard saw. The copy holds the same request.
  return caller ?? storeOfRequest(requestOfOperation(args))?.authInfo;
}
