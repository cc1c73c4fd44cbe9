import type { AuthInfo } from '../auth-info/auth-info.js';
import { Effort } from './operations/effort.js';
import { readCalls } from './operations/json-rpc.js';
import {
  ANONYMOUS,
  RequirementsReader,
  lookupsOf,
  SMALL,
  WHOLE,
  type BodyBounds,
  type Lookup,
  type McpRequirements,
} from './operations/mcp-requirements.js';
import type { McpEndpointOptions, OperationScopes } from './mcp-endpoint.options.js';
import type { McpOperation } from './operations/mcp-operation.js';
import { ResourceScopes } from './operations/resource-scopes.js';

/** An operation that an endpoint names, and its scopes. */
export interface NamedOperation extends Pick<McpOperation, 'kind' | 'name'> {
  readonly scopes: readonly OperationScopes[];
}

type Named = Readonly<Record<Exclude<McpOperation['kind'], 'resources'>, ScopesByName>>;
type ScopesByName = ReadonlyMap<string, OperationScopes>;

export const KINDS = ['tools', 'prompts', 'resources', 'methods'] as const;

/** The options of an MCP endpoint, with compiled URI templates. */
export class McpEndpointPolicy {
  private readonly resources: ResourceScopes;
  private readonly byName: Named;

  constructor(readonly options: McpEndpointOptions) {
    const { tools = {}, prompts = {}, methods = {}, resources = {} } = options;
    this.resources = new ResourceScopes(resources);
    this.byName = {
      tools: new Map(Object.entries(tools)),
      prompts: new Map(Object.entries(prompts)),
      methods: new Map(Object.entries(methods)),
    };
  }

  /** The operations that the endpoint names. */
  get named(): readonly NamedOperation[] {
    return KINDS.flatMap((kind) =>
      Object.entries(this.options[kind] ?? {}).map(([name, scopes]) => ({
        kind,
        name,
        scopes: [scopes],
      })),
    );
  }

  /**
   * Does nothing. A subclass overrides it to pass the caller to a library that serves the endpoint and does not
   * read `AuthInfo`.
   */
  passCaller(_caller: AuthInfo, ..._requests: object[]): void {
    // A handler of `@McpEndpoint()` reads the caller from its request.
  }

  /**
   * Returns the requirements of a body; `undefined` if the body is not valid, or has more messages or operations
   * than the limits allow.
   */
  requirementsOf(body: unknown, isAnonymous = false): McpRequirements | undefined {
    return this.read(body, isAnonymous ? ANONYMOUS : WHOLE);
  }

  /**
   * Returns the requirements of a body that is one small message. Reads no other body, because the client is
   * not authenticated yet.
   */
  hintOf(body: unknown): McpRequirements | undefined {
    return this.read(body, SMALL);
  }

  /** Returns the scopes of an operation; empty if the endpoint does not name it. */
  scopesOf(
    { kind, name }: Pick<McpOperation, 'kind' | 'name'>,
    effort = new Effort(WHOLE.effort),
  ): readonly OperationScopes[] {
    return this.lookUp(lookupsOf(name, effort)(kind));
  }

  protected lookUp({ kind, name, uri, effort }: Lookup): readonly OperationScopes[] {
    if (kind === 'resources') {
      return this.resources.scopesOf(uri(), effort);
    }
    const scopes = this.byName[kind].get(name);
    return scopes === undefined ? [] : [scopes];
  }

  private read(body: unknown, bounds: BodyBounds): McpRequirements | undefined {
    const calls = readCalls(body, bounds.messages);
    const reading = new RequirementsReader(bounds, (asked) => this.lookUp(asked));
    return calls?.every((call) => reading.add(call))
      ? {
          calls,
          needs: reading.needs,
          isDenied: this.options.defaultDeny === true && reading.hasUnnamed,
        }
      : undefined;
  }
}
