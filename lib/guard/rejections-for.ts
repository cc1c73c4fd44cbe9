import type { Rejections } from '../challenge/rejections.js';
import { InsufficientScopeError } from '../errors/insufficient-scope.error.js';
import { MissingTokenError } from '../errors/missing-token.error.js';
import type { ProtectedAccess } from '../policy/access-policy.js';
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
}

/**
 * Returns the rejections of a request. They name the scopes that the error names. If the error names none,
 * they name the scopes of the handler, and those of the operation if the body is one small message. No
 * other body is read, because an untrusted client may have sent it.
 */
export function rejectionsFor(error: Error, { request, policy }: RejectedExchange): Rejections {
  const scopes = scopesOf(error) ?? hintedScopes(request.body, policy);
  const rejections =
    scopes === undefined
      ? policy.rejections
      : policy.rejections.for(requestedNames(scopes, policy.resource.scopePrefix));
  return rejections.answering(request.headers.authorization);
}

function scopesOf(error: Error): readonly string[] | undefined {
  return error instanceof InsufficientScopeError || error instanceof MissingTokenError
    ? error.requiredScopes
    : undefined;
}

function hintedScopes(body: unknown, policy: ProtectedAccess): readonly string[] | undefined {
  const operations = policy.mcp?.hintOf(body);
  return operations === undefined || operations.needs.length === 0
    ? undefined
    : cheapestScopes(fixedRequirement(policy, operations), new Set());
}
