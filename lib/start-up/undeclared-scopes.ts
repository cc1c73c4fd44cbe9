import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import { requestedName } from '../scope/scope-prefix.js';
import type { HandlersByScope } from './required-scopes.js';

/**
 * Lists the scopes that handlers require and `metadata.scopesSupported` of their resource does not list. This may be a
 * mistake. It may also be intended, for scopes that clients should not request at first. Returns `undefined` if all
 * scopes are listed. Skips resources without `scopesSupported`.
 */
export function undeclaredScopes(
  required: ReadonlyMap<ProtectedResource, HandlersByScope>,
): string | undefined {
  const all = [...required].flatMap(([{ resource, metadata, scopePrefix }, scopes]) => {
    const listed = metadata.scopes_supported as readonly unknown[] | undefined;
    const undeclared = [...scopes].filter(
      ([scope]) => listed?.includes(requestedName(scope, scopePrefix)) === false,
    );
    return undeclared.map(
      ([scope, handlers]) => `"${scope}" of ${resource} (${[...handlers].join(', ')})`,
    );
  });
  return all.length === 0
    ? undefined
    : `Scopes that handlers require, and metadata.scopesSupported does not list: ${all.join('; ')}. Clients learn of them by a challenge only.`;
}
