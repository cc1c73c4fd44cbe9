import type { AuthInfo } from '../auth-info/auth-info.js';
import type { Rejections } from '../challenge/rejections.js';
import { InsufficientScopeError } from '../errors/insufficient-scope.error.js';
import { MissingTokenError } from '../errors/missing-token.error.js';
import type { ProtectedAccess } from '../policy/access-policy.js';
import { challengedScopes } from '../scope/challenged-scopes.js';
import { cheapestScopes } from '../scope/cheapest-scopes.js';
import { requestedNames } from '../scope/scope-prefix.js';
import { fixedRequirement } from './request-requirement.js';

/** The part of an exchange that decides which scopes and which scheme a rejection names. */
export interface RejectedExchange {
  readonly request: {
    readonly headers: { readonly authorization?: string };
    readonly body?: unknown;
  };
  readonly policy: ProtectedAccess;
  readonly caller?: AuthInfo | undefined;
}

/**
 * Returns the rejections of a request. They name the scopes that the error names. If the error names no scopes,
 * they name the scopes of the handler, and the scopes of the operation if the body is one small message. No
 * other body is read, because an untrusted client may have sent it.
 */
export function rejectionsFor(error: Error, exchange: RejectedExchange): Rejections {
  const { request, policy } = exchange;
  const scopes = scopesFor(error, exchange);
  const rejections = scopes === undefined ? policy.rejections : policy.rejections.for(scopes);
  return rejections.answering(request.headers.authorization);
}

/** Returns the scopes that a challenge names. Only the caller of a valid token learns which scopes the token has. */
function scopesFor(
  error: Error,
  { request, policy, caller }: RejectedExchange,
): readonly string[] | undefined {
  if (error instanceof InsufficientScopeError) {
    return challengedScopes(error.requiredScopes, caller?.scopes ?? [], policy.resource);
  }
  const required = error instanceof MissingTokenError ? error.requiredScopes : undefined;
  const scopes = required ?? hintedScopes(request.body, policy);
  return scopes && requestedNames(scopes, policy.resource.scopePrefix);
}

function hintedScopes(body: unknown, policy: ProtectedAccess): readonly string[] | undefined {
  const operations = policy.mcp?.hintOf(body);
  return operations === undefined || operations.needs.length === 0
    ? undefined
    : cheapestScopes(fixedRequirement(policy, operations), new Set());
}
