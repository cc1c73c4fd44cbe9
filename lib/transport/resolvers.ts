import type { Type } from '@nestjs/common';
import type { Method } from '../handler/handler.js';
import type { HandlerKind } from './transport.js';

/**
 * The keys of Nest's metadata of resolvers. They are written out here because Nest's GraphQL package is
 * optional.
 */
const RESOLVER_TYPE = 'graphql:resolver_type';
const RESOLVER_NAME = 'graphql:resolver_name';
const RESOLVED_FIELD = 'graphql:resolve_property';
const RESOLVED_REFERENCE = 'graphql:resolve_reference';
export const ROOT_TYPES: readonly unknown[] = ['Query', 'Mutation', 'Subscription'];

/** The name of a method for which Nest's GraphQL package never runs guards, whatever the options. */
const RESOLVE_TYPE = '__resolveType';
/** The name of a field resolver that a federated schema uses as a reference resolver. */
const RESOLVE_REFERENCE = '__resolveReference';

/** Returns the name of the GraphQL type that a resolver belongs to, if it is declared. */
export function parentTypeOf(type: Type, method: Method): unknown {
  return Reflect.getMetadata(RESOLVER_TYPE, method) ?? Reflect.getMetadata(RESOLVER_TYPE, type);
}

/**
 * Returns the kind of a resolver, or `undefined` if the method is not a resolver. In a class named after a
 * root type, as in `@Resolver('Query')`, all methods are root resolvers, whatever decorators they have.
 */
export function resolverKind(type: Type, method: Method, name: string): HandlerKind | undefined {
  if (ROOT_TYPES.includes(parentTypeOf(type, method))) {
    return 'graphql';
  }
  if (
    Reflect.hasMetadata(RESOLVED_REFERENCE, method) ||
    isFieldNamed(RESOLVE_REFERENCE, method, name)
  ) {
    return 'reference';
  }
  return Reflect.hasMetadata(RESOLVED_FIELD, method) && name !== RESOLVE_TYPE ? 'field' : undefined;
}

function isFieldNamed(field: string, method: Method, name: string): boolean {
  const given: unknown = Reflect.getMetadata(RESOLVER_NAME, method) ?? name;
  return Reflect.hasMetadata(RESOLVED_FIELD, method) && given === field;
}
