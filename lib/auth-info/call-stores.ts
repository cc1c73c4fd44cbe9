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

/** By the arguments of one call: the guard and the interceptors of a call have the same array. */
const stores = new WeakMap<readonly unknown[], AuthInfoStore>();

/** By the context of a GraphQL operation: its field resolvers run without guards, by default. */
const callersOfOperations = new WeakMap<object, Caller>();

/**
 * Makes `caller` the caller of one call that is no HTTP route's: a resolver's, a gateway's, a message's. An
 * anonymous or a public call has none, also where an authenticated request makes it.
 */
export function setCallerOfCall(context: ExecutionContext, caller: Caller | undefined): void {
  const args = context.getArgs();
  stores.set(args, storeOfCall(args, caller));
  const operation = context.getType<string>() === 'graphql' ? graphqlContextOf(args) : undefined;
  if (operation !== undefined && caller !== undefined) {
    callersOfOperations.set(operation, caller);
  }
}

/** Returns the store of a call, a new one at the first time. */
export function openStoreOfCall(context: ExecutionContext): AuthInfoStore {
  const args = context.getArgs();
  const request: unknown = args[0];
  if (context.getType() === 'http' && isRequest(request)) {
    // What no guard let in has no caller.
    return storeOfRequest(request) ?? ownStoreOf(request) ?? { request, authInfo: undefined };
  }
  return getOrMake(stores, args, () => storeOfCall(args, callerByDefault(context)));
}

/**
 * A call that the guard left alone has no caller, unless it is a message of the process to itself: then it is
 * a part of what sends it.
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
  // A copy of the context holds the same request.
  return caller ?? storeOfRequest(requestOfOperation(args))?.authInfo;
}
