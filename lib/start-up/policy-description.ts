import { nameOf } from '../handler/handler.js';
import type { McpEndpointPolicy, NamedOperation } from '../mcp/mcp-endpoint.js';
import type { McpOperationKind } from '../mcp/operations/mcp-operation.js';
import type { AccessPolicy } from '../policy/access-policy.js';
import type { DiscoveredHandler } from '../policy/discovery/discovered-handlers.js';
import type { HandlerKind } from '../transport/transport.js';
import type { ScopeRequirement } from '../scope/scope-requirement.js';

/** An MCP operation that an endpoint names, and what it requires in addition to the endpoint. */
export interface OperationDescription {
  /** A tool, a prompt, a resource, or a method of the protocol. */
  readonly kind: McpOperationKind;
  /** The name of the tool or of the prompt, the URI or URI template of the resource, or the method. */
  readonly name: string;
  /** The scopes that do not depend on the call. All of them are needed. */
  readonly scopes: readonly ScopeRequirement[];
  /** `true` if a function adds scopes for each call. */
  readonly computesScopes: boolean;
}

/** A handler, who may call it, and what it requires. */
export interface PolicyDescription {
  /** The class and the method: `NotesController.list`. */
  readonly handler: string;
  /**
   * The way in which the handler is called: a route, a root resolver, a field or a reference resolver of GraphQL, a
   * message of a gateway, or a message of a microservice.
   */
  readonly kind: HandlerKind;
  /**
   * The callers who are let in. `'required'`: those with a valid token. `'optional'`: also those without a
   * token. `'public'`: anyone, and no token is read. `'unguarded'`: anyone, because no guard of this
   * library runs.
   */
  readonly access: 'required' | 'optional' | 'public' | 'unguarded';
  /** The identifier of the handler's protected resource, if the handler is neither public nor unguarded. */
  readonly resource?: string;
  /** The scopes that do not depend on the request. All of them are needed. */
  readonly scopes: readonly ScopeRequirement[];
  /** `true` if a function of `@RequireScopes()` adds scopes for each request. */
  readonly computesScopes: boolean;
  /** The decorators whose conditions the caller has to meet, one for each condition. */
  readonly conditions: readonly ('@RequireAuth()' | '@RequireClaims()')[];
  /** The MCP operations that the handler names, if it is an MCP endpoint. */
  readonly operations: readonly OperationDescription[];
  /** `true` if the handler rejects any other MCP operation (`defaultDeny`). */
  readonly deniesOtherOperations: boolean;
}

const NOTHING_REQUIRED = {
  scopes: [],
  computesScopes: false,
  conditions: [],
  operations: [],
  deniesOtherOperations: false,
};

/**
 * Describes a handler.
 *
 * @param policy - `'unguarded'` if no guard runs for the handler
 */
export function describe(
  handler: DiscoveredHandler,
  policy: AccessPolicy | 'unguarded',
): PolicyDescription {
  // The kind is never `mcp` here: the methods that MCP-Nest serves are described with their endpoint.
  const kind = handler.kind as HandlerKind;
  if (policy === 'public' || policy === 'unguarded') {
    return { handler: nameOf(handler), kind, access: policy, ...NOTHING_REQUIRED };
  }
  const { resource, anonymous, scopes, conditions, mcp } = policy;
  return {
    handler: nameOf(handler),
    kind,
    access: anonymous ? 'optional' : 'required',
    resource: resource.resource,
    scopes: scopes.fixed,
    computesScopes: scopes.computed.length > 0,
    conditions: conditions.map(({ decorator }) => decorator),
    operations: operationsOf(mcp),
    deniesOtherOperations: mcp?.options.defaultDeny === true,
  };
}

/** Describes each operation once: MCP-Nest and the options of an endpoint may name the same operation. */
function operationsOf(mcp: McpEndpointPolicy | undefined): OperationDescription[] {
  const found = new Map<string, OperationDescription>();
  for (const operation of mcp?.named ?? []) {
    const key = `${operation.kind} ${operation.name}`;
    found.set(key, withScopes(operation, found.get(key)));
  }
  return [...found.values()];
}

function withScopes(
  { kind, name, scopes }: NamedOperation,
  { scopes: earlier, computesScopes }: Pick<OperationDescription, 'scopes' | 'computesScopes'> = {
    scopes: [],
    computesScopes: false,
  },
): OperationDescription {
  const fixed = scopes.filter((scope) => typeof scope !== 'function');
  return {
    kind,
    name,
    scopes: [...earlier, ...fixed.flatMap(partsOf)],
    computesScopes: computesScopes || fixed.length < scopes.length,
  };
}

/** Splits an array into its parts, which are all needed. */
function partsOf(requirement: ScopeRequirement): readonly ScopeRequirement[] {
  return typeof requirement === 'object' && !('anyOf' in requirement) ? requirement : [requirement];
}
