import type { AuthInfo } from '../auth-info/auth-info.js';
import { AccessDeniedException } from '../challenge/bearer-auth.exception.js';
import type { Challenges } from '../challenge/challenges.js';
import { bodyProblem } from '../mcp/body-problem.js';
import { isObject } from '../mcp/json-rpc.js';
import type { McpDemand } from '../mcp/mcp-demand.js';
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

/** An anonymous caller is told the scopes of no more: to weigh a long batch is work that anybody could cause. */
const MAX_NAMED = 10;

const NOTHING = grantedScopes(undefined);

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
  const demand = readDemand(request, policy, true);
  const requirement = await operationsRequirement(policy, demand, undefined);
  if (!isSatisfied(requirement, NOTHING)) {
    const named = requirement.length > MAX_NAMED ? [] : requirement;
    const all = [...policy.scopes.fixed, ...named];
    throw refusals(request, policy, cheapestScopes(all, NOTHING)).missingToken();
  }
}

/**
 * The refusals of a request without a valid token: they name what the handler needs, and what the request
 * does, if its body is one small message. Anybody can send any other.
 */
export function challengesFor(request: AuthorizedRequest, policy: ProtectedAccess): Challenges {
  const demand = policy.mcp?.hintOf(request.body);
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

function readDemand(
  request: AuthorizedRequest,
  policy: ProtectedAccess,
  isAnonymous = false,
): McpDemand | undefined {
  if (policy.mcp === undefined || !carriesMessages(request)) {
    return undefined;
  }
  const demand = policy.mcp.demandOf(request.body, isAnonymous);
  if (demand === undefined) {
    throw refusals(request, policy).invalidRequest(bodyProblem(request.body));
  }
  if (demand.isDenied) {
    throw new AccessDeniedException('This operation is not offered here.');
  }
  return demand;
}

/** A stream is opened, and a session ended, without a body; a server may read one all the same. */
function carriesMessages({ method, body }: AuthorizedRequest): boolean {
  return method === 'POST' || !(body === undefined || body === null || isNoMessage(body));
}

/** `{}` stands for no body in some parsers. The client may send many members: they are not listed. */
function isNoMessage(body: unknown): boolean {
  return isObject(body) && !['jsonrpc', 'method', 'params', 'id'].some((name) => name in body);
}
