import type { ExecutionContext } from '@nestjs/common';
import { graphqlContextOf, requestOfOperation } from '../handler/graphql-context.js';
import {
  currentAuthInfo,
  storeOfCall,
  storeOfRequest,
  type AuthInfoStore,
} from './auth-info.context.js';
import type { Caller } from './caller.js';

/** By the arguments of one call: the guard and the interceptors of a call have the same array. */
const stores = new WeakMap<readonly unknown[], AuthInfoStore>();

/** By the context of a GraphQL operation: its field resolvers run without guards, by default. */
const callersOfOperations = new WeakMap<object, Caller>();

/** Makes `caller` the caller of one call that is no HTTP route's: a resolver's, a gateway's, a message's. */
export function setCallerOfCall(context: ExecutionContext, caller: Caller): void {
  const args = context.getArgs();
  stores.set(args, storeOfCall(args, caller));
  const operation = context.getType<string>() === 'graphql' ? graphqlContextOf(args) : undefined;
  if (operation !== undefined) {
    callersOfOperations.set(operation, caller);
  }
}

/**
 * Returns the store of a call, a new one at the first time. A call that the guard let pass has no caller,
 * unless it is a message of the process to itself: then it is a part of what sends it.
 */
export function openStoreOfCall(context: ExecutionContext): AuthInfoStore {
  const args = context.getArgs();
  const store =
    stores.get(args) ??
    storeOfCall(args, context.getType() === 'rpc' ? currentAuthInfo() : undefined);
  stores.set(args, store);
  return store;
}

/** Returns the caller of the operation that a field resolver belongs to. */
export function callerOfOperation(args: readonly unknown[]): Caller | undefined {
  const operation = graphqlContextOf(args);
  const caller = operation && callersOfOperations.get(operation);
  // A copy of the context holds the same request.
  return caller ?? storeOfRequest(requestOfOperation(args))?.authInfo;
}
