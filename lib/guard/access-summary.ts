import type { AccessPolicy } from './access-policy.js';

/** Which handlers are protected by what, for the operator's eye: a line a resource. */
export function summarize(policies: readonly { handler: string; policy: AccessPolicy }[]): string {
  const lines = new Map<string, string[]>();
  for (const { handler, policy } of policies) {
    const heading = policy === 'public' ? 'public' : policy.resource.resource;
    lines.set(heading, [...(lines.get(heading) ?? []), `${handler}${demands(policy)}`]);
  }
  const text = [...lines].map(([heading, handlers]) => `\n  ${heading}: ${handlers.join(', ')}`);
  return `Protected handlers:${text.join('') || ' none'}`;
}

function demands(policy: AccessPolicy): string {
  if (policy === 'public') {
    return '';
  }
  const scopes = policy.requiredScopes.length > 0 ? ` [${policy.requiredScopes.join(' ')}]` : '';
  return policy.anonymous ? `${scopes} (optional)` : scopes;
}
