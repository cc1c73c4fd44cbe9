import type { Lookup } from '../mcp/mcp-demand.js';
import type { McpEndpointOptions, OperationScopes } from '../mcp/mcp-endpoint.decorator.js';
import { McpEndpointPolicy } from '../mcp/mcp-endpoint.js';
import type { McpOperationKind } from '../mcp/mcp-operation.js';
import type { McpNestCapability } from './mcp-nest-capability.js';
import { mcpNestPaths, McpNestUri } from './mcp-nest-uri.js';

/** A tool, a prompt or a resource, with all that its decorators ask for. */
export interface ScopedCapability extends Pick<McpNestCapability, 'kind' | 'name'> {
  readonly scopes: readonly OperationScopes[];
}

/** The endpoint that a controller of `@rekog/mcp-nest` is: what is served there says what it needs. */
export class McpNestEndpointPolicy extends McpEndpointPolicy {
  private readonly named = new Map<McpOperationKind, Map<string, OperationScopes[]>>();
  private readonly all: readonly OperationScopes[];
  private readonly served: readonly { uri: McpNestUri; scopes: readonly OperationScopes[] }[];

  constructor(
    readonly capabilities: readonly ScopedCapability[],
    options: McpEndpointOptions = {},
  ) {
    super(options);
    this.served = capabilities
      .filter(({ kind }) => kind === 'resources')
      .map(({ name, scopes }) => ({ uri: new McpNestUri(name), scopes }));
    this.all = this.served.flatMap(({ scopes }) => scopes);
    for (const { kind, name, scopes } of capabilities) {
      const ofKind = this.named.get(kind) ?? new Map<string, OperationScopes[]>();
      this.named.set(kind, ofKind);
      ofKind.set(name, [...(ofKind.get(name) ?? []), ...scopes]);
    }
  }

  /** What the endpoint's own options say, and what all that could answer this operation says. */
  protected override lookUp(asked: Lookup): readonly OperationScopes[] {
    const own = super.lookUp(asked);
    const served =
      asked.kind === 'resources'
        ? this.servedAt(asked)
        : (this.named.get(asked.kind)?.get(asked.name) ?? []);
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
