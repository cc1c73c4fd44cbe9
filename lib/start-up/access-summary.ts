import { getOrMake } from '../cache/get-or-make.js';
import type { McpOperationKind } from '../mcp/operations/mcp-operation.js';
import { KINDS } from '../mcp/mcp-endpoint.js';
import type { ScopeRequirement } from '../scope/scope-requirement.js';
import type { OperationDescription, PolicyDescription } from './policy-description.js';

/**
 * Returns a text for the operator that says what each handler requires: one line for each resource, and one
 * for the public handlers. It leaves out unguarded handlers.
 */
export function summarize(policies: readonly PolicyDescription[]): string {
  const lines = new Map<string, string[]>();
  for (const policy of policies.filter(({ access }) => access !== 'unguarded')) {
    const heading = policy.resource ?? 'public';
    getOrMake(lines, heading, (): string[] => []).push(`${policy.handler}${required(policy)}`);
  }
  const text = [...lines].map(([heading, handlers]) => `\n  ${heading}: ${handlers.join(', ')}`);
  return `Protected handlers:${text.join('') || ' none'}`;
}

function required({
  access,
  scopes,
  computesScopes,
  conditions,
  operations,
}: PolicyDescription): string {
  const words = [...scopes.map(inWords), ...(computesScopes ? ['computed'] : [])];
  return [
    words.length > 0 ? ` [${words.join(' ')}]` : '',
    conditions.length > 0 ? ` (conditions: ${conditions.length})` : '',
    operations.length > 0
      ? ` {${KINDS.flatMap((kind) => namesOf(kind, operations)).join('; ')}}`
      : '',
    access === 'optional' ? ' (optional)' : '',
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

function namesOf(kind: McpOperationKind, operations: readonly OperationDescription[]): string[] {
  const names = operations.filter((operation) => operation.kind === kind).map(({ name }) => name);
  return names.length === 0 ? [] : [`${kind}: ${names.join(' ')}`];
}
