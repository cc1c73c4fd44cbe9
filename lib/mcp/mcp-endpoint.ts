import type { AuthInfo } from '../auth-info/auth-info.js';
import { Effort } from './operations/effort.js';
import { readCalls } from './operations/json-rpc.js';
import {
  ANONYMOUS,
  RequirementsReader,
  lookup,
  SMALL,
  WHOLE,
  type BodyBounds,
  type Lookup,
  type McpRequirements,
} from './operations/mcp-requirements.js';
import type { McpEndpointOptions, OperationScopes } from './mcp-endpoint.options.js';
import type { McpOperation } from './operations/mcp-operation.js';
import { ResourceScopes } from './operations/resource-scopes.js';

/** An operation that an endpoint names, and what it needs. */
export interface NamedOperation extends Pick<McpOperation, 'kind' | 'name'> {
  readonly scopes: readonly OperationScopes[];
}

type Named = Readonly<Record<Exclude<McpOperation['kind'], 'resources'>, ScopesByName>>;
type ScopesByName = ReadonlyMap<string, OperationScopes>;

export const KINDS = ['tools', 'prompts', 'resources', 'methods'] as const;

/** An MCP endpoint's options, its URI templates compiled. */
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

  /** All operations that the endpoint names. */
  get named(): readonly NamedOperation[] {
    return KINDS.flatMap((kind) =>
      Object.entries(this.options[kind] ?? {}).map(([name, scopes]) => ({
        kind,
        name,
        scopes: [scopes],
      })),
    );
  }

  /** Tells whoever serves the endpoint who is calling, where it does not ask `AuthInfo`. */
  passCaller(_caller: AuthInfo, ..._requests: object[]): void {
    // The handler is told by its request.
  }

  /** Returns what a body asks for; nothing where it cannot be understood, or asks for too much. */
  requirementsOf(body: unknown, isAnonymous = false): McpRequirements | undefined {
    return this.read(body, isAnonymous ? ANONYMOUS : WHOLE);
  }

  /**
   * Returns what a body asks for if it is one small message; nothing else is looked at for a client that
   * has not been authenticated.
   */
  hintOf(body: unknown): McpRequirements | undefined {
    return this.read(body, SMALL);
  }

  /** What the endpoint says that an operation needs; nothing where it does not name it. */
  scopesOf(
    { kind, name }: Pick<McpOperation, 'kind' | 'name'>,
    effort = new Effort(WHOLE.effort),
  ): readonly OperationScopes[] {
    return this.lookUp(lookup(name, effort)(kind));
  }

  protected lookUp({ kind, name, uri, effort }: Lookup): readonly OperationScopes[] {
    if (kind === 'resources') {
      return this.resources.of(uri(), effort);
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
