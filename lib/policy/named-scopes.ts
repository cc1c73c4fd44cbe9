import type { RequiredScopes } from '../decorators/require-scopes.decorator.js';
import type { McpEndpointPolicy } from '../mcp/mcp-endpoint.js';
import { scopesIn } from '../scope/scope-requirement.js';

/** The part of a policy that requires scopes. */
interface Requiring {
  readonly scopes: RequiredScopes;
  readonly mcp: McpEndpointPolicy | undefined;
}

/** Returns all scopes that a handler and its MCP operations require. Computed scopes are not known. */
export function namedScopes({ scopes, mcp }: Requiring): string[] {
  const ofOperations = (mcp?.named ?? []).flatMap((operation) => operation.scopes);
  return [...scopes.fixed, ...ofOperations].flatMap((requirement) =>
    typeof requirement === 'function' ? [] : scopesIn(requirement),
  );
}
