import type { AuthInfo } from '../auth-info/auth-info.js';
import { AccessDeniedException } from '../challenge/bearer-auth.exception.js';
import type { Challenges } from '../challenge/challenges.js';
import type { McpDemand } from '../mcp/mcp-endpoint.js';
import { cheapestScopes } from '../scope/cheapest-scopes.js';
import { isSatisfied } from '../scope/scope-requirement.js';
import type { ProtectedAccess } from '../access/access-policy.js';
import { grantedScopes } from '../auth-info/granted-scopes.js';
import { whenKnown } from '../async/when-known.js';
import { assertConditions } from './conditions.js';
import { fixedRequirement, operationsRequirement, requirementOf } from './scope-demand.js';

/** The part of a request that decides on the scopes, and on the scheme of a refusal. */
export interface AuthorizedRequest {
  headers: { authorization?: string };
  method?: string;
  body?: unknown;
}

const NOTHING = grantedScopes(undefined);
const UNREADABLE =
  'The body is not JSON-RPC, or is too long or too deep, or the application does not parse it.';

/**
 * Lets an authenticated caller do what the request asks for, or throws the refusal. Where a condition
 * is not met, more scopes would not help: none are asked for.
 */
export function authorize(
  request: AuthorizedRequest,
  authInfo: AuthInfo,
  policy: ProtectedAccess,
): void | Promise<void> {
  return policy.conditions.length === 0
    ? authorizeByScopes(request, authInfo, policy)
    : whenKnown(assertConditions(policy, authInfo, request), () =>
        authorizeByScopes(request, authInfo, policy),
      );
}

/** All scopes that are needed are named at once, so that the client can step up in one round. */
function authorizeByScopes(
  request: AuthorizedRequest,
  authInfo: AuthInfo,
  policy: ProtectedAccess,
): void | Promise<void> {
  const demand = readDemand(request, policy);
  return whenKnown(requirementOf(policy, demand, request, authInfo), (requirement) => {
    const granted = grantedScopes(authInfo);
    if (!isSatisfied(requirement, granted)) {
      throw refusals(request, policy, cheapestScopes(requirement, granted)).insufficientScope(
        authInfo.scopes,
      );
    }
  });
}

/** Lets an anonymous caller do what takes no scopes of its own, or throws the refusal. */
export async function authorizeAnonymous(
  request: AuthorizedRequest,
  policy: ProtectedAccess,
): Promise<undefined> {
  const demand = readDemand(request, policy);
  const requirement = await operationsRequirement(policy, demand, undefined);
  if (!isSatisfied(requirement, NOTHING)) {
    const all = [...policy.scopes.fixed, ...requirement];
    throw refusals(request, policy, cheapestScopes(all, NOTHING)).missingToken();
  }
}

/** The refusals of a request without a valid token: they name what it will need, as far as is known. */
export function challengesFor(request: AuthorizedRequest, policy: ProtectedAccess): Challenges {
  const demand = policy.mcp?.demandOf(request.body);
  return demand === undefined || demand.needs.length === 0
    ? refusals(request, policy)
    : refusals(request, policy, cheapestScopes(fixedRequirement(policy, demand), NOTHING));
}

function refusals(
  { headers }: AuthorizedRequest,
  { challenges }: ProtectedAccess,
  scopes?: readonly string[],
): Challenges {
  const named = scopes === undefined ? challenges : challenges.for(scopes);
  return named.answering(headers.authorization);
}

function readDemand(request: AuthorizedRequest, policy: ProtectedAccess): McpDemand | undefined {
  if (policy.mcp === undefined || !carriesMessages(request)) {
    return undefined;
  }
  const demand = policy.mcp.demandOf(request.body);
  if (demand === undefined) {
    throw refusals(request, policy).invalidRequest(UNREADABLE);
  }
  if (demand.denied !== undefined) {
    throw new AccessDeniedException('This operation is not offered here.');
  }
  return demand;
}

/** A stream is opened, and a session ended, without a body; a server may read one all the same. */
function carriesMessages({ method, body }: AuthorizedRequest): boolean {
  const isEmpty =
    body === undefined ||
    body === null ||
    (typeof body === 'object' && !Array.isArray(body) && Object.keys(body).length === 0);
  return method === 'POST' || !isEmpty;
}
