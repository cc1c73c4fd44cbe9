import type { McpEndpointOptions, OperationScopes } from '../mcp/mcp-endpoint.decorator.js';
import { McpEndpointPolicy } from '../mcp/mcp-endpoint.js';
import type { McpOperation } from '../mcp/mcp-operation.js';
import type { McpNestCapability } from './mcp-nest-capability.js';
import { mcpNestUriMatcher } from './mcp-nest-uri.js';

/** A tool, a prompt or a resource, with all that its decorators ask for. */
export interface ScopedCapability extends Pick<McpNestCapability, 'kind' | 'name'> {
  readonly scopes: readonly OperationScopes[];
}

/** The endpoint that a controller of `@rekog/mcp-nest` is: what is served there says what it needs. */
export class McpNestEndpointPolicy extends McpEndpointPolicy {
  private readonly served: readonly (ScopedCapability & { matches: (name: string) => boolean })[];

  constructor(
    readonly capabilities: readonly ScopedCapability[],
    options: McpEndpointOptions = {},
  ) {
    super(options);
    this.served = capabilities.map((capability) => ({
      ...capability,
      matches:
        capability.kind === 'resources'
          ? mcpNestUriMatcher(capability.name)
          : (name) => name === capability.name,
    }));
  }

  /** What the endpoint's own options say, and what all that could answer this operation says. */
  override scopesOf(operation: Pick<McpOperation, 'kind' | 'name'>): OperationScopes[] {
    const { kind, name } = operation;
    const answering = this.served.filter((served) => served.kind === kind && served.matches(name));
    return [...super.scopesOf(operation), ...answering.flatMap(({ scopes }) => scopes)];
  }
}
