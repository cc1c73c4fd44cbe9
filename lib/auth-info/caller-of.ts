import type { ExecutionContext } from '@nestjs/common';
import { graphqlInfoOf } from '../handler/graphql-context.js';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { currentStore, ownStoreOf, storeOfRequest } from './auth-info.context.js';
import { callerOfOperation } from './call-stores.js';
import type { Caller } from './caller.js';

/**
 * Returns the caller of the call that `context` belongs to, even if this code runs in the context of another
 * call.
 *
 * @throws McpAuthConfigurationError if the caller cannot be determined: an error is better than the wrong
 * caller
 */
export function callerOf(context: ExecutionContext): Caller | undefined {
  const type = context.getType<string>();
  const args = context.getArgs();
  if (type === 'http') {
    return callerOfRequest(context);
  }
  const store = currentStore();
  if (store?.args !== undefined && isSameCall(store.args, args, type)) {
    return store.authInfo;
  }
  if (type === 'graphql') {
    return callerOfOperation(args);
  }
  throw new McpAuthConfigurationError(
    `@AuthInfo() at ${nameOf(context)} cannot tell who makes this call; add @UseInterceptors(AuthInfoInterceptor) to the handler, as its last interceptor.`,
  );
}

function callerOfRequest(context: ExecutionContext): Caller | undefined {
  const request: unknown = context.getArgByIndex(0);
  const store = ownStoreOf(request) ?? storeOfRequest(request);
  if (store === undefined) {
    throw new McpAuthConfigurationError(
      `@AuthInfo() at ${nameOf(context)} cannot tell who makes this request; import McpAuthModule from the same copy of nestjs-mcp-auth as AuthInfo, and bind interceptors before the application starts.`,
    );
  }
  return store.authInfo;
}

/**
 * Compares the arguments one by one, because Nest copies them into new arrays. A resolver's call is identified
 * by its `info`.
 */
function isSameCall(ours: readonly unknown[], args: readonly unknown[], type: string): boolean {
  return type === 'graphql'
    ? graphqlInfoOf(ours) === graphqlInfoOf(args)
    : ours.length === args.length && ours.every((argument, at) => Object.is(argument, args[at]));
}

function nameOf(context: ExecutionContext): string {
  return `${context.getClass().name}.${context.getHandler().name}`;
}
