import { isSatisfied } from '../scope/scope-requirement.js';
import type { McpEndpointPolicy } from './mcp-endpoint.js';
import type { McpOperationKind } from './operations/mcp-operation.js';

/** The kinds of operations that a server can list. */
export type ListedKind = Exclude<McpOperationKind, 'methods'>;

/** The JSON-RPC method that calls an entry of a list, by the kind of the entry. */
const CALLED_BY = { tools: 'tools/call', prompts: 'prompts/get', resources: 'resources/read' };

/**
 * Returns `true` if a caller with these scopes could call the operation. Computed scopes count as granted,
 * because they depend on the call.
 */
export function isCallable(
  policy: McpEndpointPolicy,
  granted: ReadonlySet<string>,
  { kind, name }: { kind: ListedKind; name: string },
): boolean {
  const named = policy.scopesOf({ kind, name });
  const needed = [...named, ...policy.scopesOf({ kind: 'methods', name: CALLED_BY[kind] })];
  return (
    (named.length > 0 || !policy.options.defaultDeny) &&
    needed.every((scopes) => typeof scopes === 'function' || isSatisfied(scopes, granted))
  );
}
