import { KINDS, type McpEndpointPolicy } from '../mcp/mcp-endpoint.js';
import type { ScopeRequirement } from '../scope/scope-requirement.js';
import type { AccessPolicy, HandlerPolicy } from '../policy/access-policy.js';
import { nameOf } from '../handler/handler.js';

/** Which handlers are protected by what, for the operator's eye: a line a resource. */
export function summarize(policies: readonly HandlerPolicy[]): string {
  const lines = new Map<string, string[]>();
  for (const { handler, policy } of policies) {
    const heading = policy === 'public' ? 'public' : policy.resource.resource;
    lines.set(heading, [...(lines.get(heading) ?? []), `${nameOf(handler)}${demands(policy)}`]);
  }
  const text = [...lines].map(([heading, handlers]) => `\n  ${heading}: ${handlers.join(', ')}`);
  return `Protected handlers:${text.join('') || ' none'}`;
}

function demands(policy: AccessPolicy): string {
  if (policy === 'public') {
    return '';
  }
  const { conditions } = policy;
  const { fixed, computed } = policy.scopes;
  const scopes = [...fixed.map(inWords), ...(computed.length > 0 ? ['computed'] : [])];
  return [
    scopes.length > 0 ? ` [${scopes.join(' ')}]` : '',
    conditions.length > 0 ? ` (conditions: ${conditions.length})` : '',
    policy.mcp ? ` ${operations(policy.mcp)}` : '',
    policy.anonymous ? ' (optional)' : '',
  ].join('');
}

function inWords(requirement: ScopeRequirement): string {
  if (typeof requirement === 'string') {
    return requirement;
  }
  return 'anyOf' in requirement
    ? `(${requirement.anyOf.map(inWords).join(' | ')})`
    : requirement.map(inWords).join(' ');
}

function operations({ named }: McpEndpointPolicy): string {
  const kinds = KINDS.map((kind) => {
    const names = named.filter((operation) => operation.kind === kind).map(({ name }) => name);
    return names.length === 0 ? [] : `${kind}: ${[...new Set(names)].join(' ')}`;
  });
  return `{${kinds.flat().join('; ')}}`;
}
