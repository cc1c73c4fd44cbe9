import { getOrMake } from '../cache/get-or-make.js';
import type { Lookup } from '../mcp/operations/mcp-requirements.js';
import type { McpEndpointOptions, OperationScopes } from '../mcp/mcp-endpoint.options.js';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { McpEndpointPolicy, type NamedOperation } from '../mcp/mcp-endpoint.js';
import type { McpOperationKind } from '../mcp/operations/mcp-operation.js';
import { mcpNestPaths, McpNestUri } from './mcp-nest-uri.js';
import { passCallerToMcpNest } from './mcp-nest-user.js';

/**
 * The endpoint of a controller of `@rekog/mcp-nest`. Its requirements are those of the MCP-Nest methods that it may
 * serve, and those of the controller's own `@McpEndpoint()`.
 */
export class McpNestEndpointPolicy extends McpEndpointPolicy {
  private readonly byKind = new Map<McpOperationKind, Map<string, OperationScopes[]>>();
  private readonly all: readonly OperationScopes[];
  private readonly served: readonly { uri: McpNestUri; scopes: readonly OperationScopes[] }[];

  constructor(
    private readonly capabilities: readonly NamedOperation[],
    options: McpEndpointOptions = {},
  ) {
    super(options);
    this.served = capabilities
      .filter(({ kind }) => kind === 'resources')
      .map(({ name, scopes }) => ({ uri: new McpNestUri(name), scopes }));
    this.all = this.served.flatMap(({ scopes }) => scopes);
    for (const { kind, name, scopes } of capabilities) {
      const ofKind = getOrMake(this.byKind, kind, () => new Map<string, OperationScopes[]>());
      getOrMake(ofKind, name, (): OperationScopes[] => []).push(...scopes);
    }
  }

  override get named(): readonly NamedOperation[] {
    return [...super.named, ...this.capabilities];
  }

  override passCaller(caller: AuthInfo, ...requests: object[]): void {
    passCallerToMcpNest(caller, ...requests);
  }

  /**
   * Returns the scopes of the endpoint's own options, and those of every method that could answer this
   * operation.
   */
  protected override lookUp(asked: Lookup): readonly OperationScopes[] {
    const own = super.lookUp(asked);
    const served =
      asked.kind === 'resources'
        ? this.servedAt(asked)
        : (this.byKind.get(asked.kind)?.get(asked.name) ?? []);
    return own.length === 0 ? served : [...own, ...served];
  }

  private servedAt({ name, uri, effort }: Lookup): readonly OperationScopes[] {
    if (uri().isAnything) {
      return this.all;
    }
    const paths = mcpNestPaths(name);
    return this.served
      .filter((resource) => resource.uri.matches(name, paths, effort))
      .flatMap(({ scopes }) => scopes);
  }
}
