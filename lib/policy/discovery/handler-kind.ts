import type { Type } from '@nestjs/common';

/** A method as Nest knows it: by the function that stands under its name. */
export type Method = (...args: never[]) => unknown;

/**
 * What calls a handler. `mcp` is an MCP server of another library, through an endpoint; `field` is a field resolver and `reference` a reference resolver of a federated
 * schema: GraphQL guards them only if it is told to.
 */
export type HandlerKind = 'http' | 'graphql' | 'field' | 'reference' | 'ws' | 'rpc' | 'mcp';

/** The keys of Nest's own metadata; its packages are optional, so they are not asked for them. */
const ROUTE_PATH = 'path';
const MESSAGE_PATTERN = 'microservices:pattern';
const IS_GATEWAY = 'websockets:is_gateway';
const IS_SUBSCRIBER = 'websockets:message_mapping';
const RESOLVER_TYPE = 'graphql:resolver_type';
const RESOLVER_NAME = 'graphql:resolver_name';
const RESOLVED_FIELD = 'graphql:resolve_property';
const RESOLVED_REFERENCE = 'graphql:resolve_reference';
export const ROOT_TYPES: readonly unknown[] = ['Query', 'Mutation', 'Subscription'];

/** GraphQL runs no enhancers on it, whatever the options. */
const RESOLVE_TYPE = '__resolveType';
/** A field resolver of this name is a reference resolver to a federated schema. */
const RESOLVE_REFERENCE = '__resolveReference';

/** A route of a controller, a message's handler, or both. */
export function controllerKinds(_type: Type, method: Method): HandlerKind[] {
  return [
    Reflect.hasMetadata(ROUTE_PATH, method) ? ('http' as const) : [],
    Reflect.hasMetadata(MESSAGE_PATTERN, method) ? ('rpc' as const) : [],
  ].flat();
}

function gatewayKind(type: Type, method: Method): HandlerKind[] {
  const isHandler =
    Reflect.hasMetadata(IS_GATEWAY, type) && Reflect.hasMetadata(IS_SUBSCRIBER, method);
  return isHandler ? ['ws'] : [];
}

/** Returns the name of the GraphQL type that a resolver is of, where it is told. */
export function parentTypeOf(type: Type, method: Method): unknown {
  return Reflect.getMetadata(RESOLVER_TYPE, method) ?? Reflect.getMetadata(RESOLVER_TYPE, type);
}

function isFieldNamed(field: string, method: Method, name: string): boolean {
  const given: unknown = Reflect.getMetadata(RESOLVER_NAME, method) ?? name;
  return Reflect.hasMetadata(RESOLVED_FIELD, method) && given === field;
}

/** A class named after a root type, as in `@Resolver('Query')`, has roots only: whatever its methods bear. */
function resolverKind(type: Type, method: Method, name: string): HandlerKind[] {
  if (ROOT_TYPES.includes(parentTypeOf(type, method))) {
    return ['graphql'];
  }
  if (
    Reflect.hasMetadata(RESOLVED_REFERENCE, method) ||
    isFieldNamed(RESOLVE_REFERENCE, method, name)
  ) {
    return ['reference'];
  }
  return Reflect.hasMetadata(RESOLVED_FIELD, method) && name !== RESOLVE_TYPE ? ['field'] : [];
}

/** A gateway's handler, or a resolver. */
export function providerKinds(type: Type, method: Method, name: string): HandlerKind[] {
  return [...resolverKind(type, method, name), ...gatewayKind(type, method)];
}
