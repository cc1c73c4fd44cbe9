import { Effort } from './effort.js';
import { readCalls } from './json-rpc.js';
import {
  ANONYMOUS,
  DemandReader,
  lookup,
  SMALL,
  WHOLE,
  type DemandBounds,
  type Lookup,
  type McpDemand,
} from './mcp-demand.js';
import type { McpEndpointOptions, OperationScopes } from './mcp-endpoint.decorator.js';
import type { McpOperation } from './mcp-operation.js';
import { ResourceScopes } from './resource-scopes.js';

type Named = Readonly<Record<Exclude<McpOperation['kind'], 'resources'>, ScopesByName>>;
type ScopesByName = ReadonlyMap<string, OperationScopes>;

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

  /** Returns what a body asks for; nothing where it cannot be understood, or asks for too much. */
  demandOf(body: unknown, isAnonymous = false): McpDemand | undefined {
    return this.read(body, isAnonymous ? ANONYMOUS : WHOLE);
  }

  /**
   * Returns what a body asks for if it is one small message; nothing else is looked at for a client that
   * has not been authenticated.
   */
  hintOf(body: unknown): McpDemand | undefined {
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

  private read(body: unknown, bounds: DemandBounds): McpDemand | undefined {
    const calls = readCalls(body, bounds.messages);
    const reading = new DemandReader(bounds, (asked) => this.lookUp(asked));
    return calls?.every((call) => reading.add(call))
      ? {
          calls,
          needs: reading.needs,
          isDenied: this.options.defaultDeny === true && reading.hasUnnamed,
        }
      : undefined;
  }
}
