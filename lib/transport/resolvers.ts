import type { Type } from '@nestjs/common';
import type { Method } from '../handler/handler.js';
import type { HandlerKind } from './transport.js';

/** The keys of Nest's own metadata of resolvers. Its packages are optional, so they are not asked for them. */
const RESOLVER_TYPE = 'graphql:resolver_type';
const RESOLVER_NAME = 'graphql:resolver_name';
const RESOLVED_FIELD = 'graphql:resolve_property';
const RESOLVED_REFERENCE = 'graphql:resolve_reference';
export const ROOT_TYPES: readonly unknown[] = ['Query', 'Mutation', 'Subscription'];

/** GraphQL runs no enhancers on it, whatever the options. */
const RESOLVE_TYPE = '__resolveType';
/** A field resolver of this name is a reference resolver to a federated schema. */
const RESOLVE_REFERENCE = '__resolveReference';

/** Returns the name of the GraphQL type that a resolver is of, where it is told. */
export function parentTypeOf(type: Type, method: Method): unknown {
  return Reflect.getMetadata(RESOLVER_TYPE, method) ?? Reflect.getMetadata(RESOLVER_TYPE, type);
}

/**
 * Returns which kind of resolver a method is, if it is one. A class named after a root type, as in
 * `@Resolver('Query')`, has roots only: whatever its methods bear.
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
