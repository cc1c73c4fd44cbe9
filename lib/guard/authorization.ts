import { Injectable } from '@nestjs/common';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { grantedScopes } from '../auth-info/granted-scopes.js';
import { AccessDeniedException } from '../challenge/bearer-auth.exception.js';
import { InsufficientScopeError } from '../errors/insufficient-scope.error.js';
import { InvalidRequestError } from '../errors/invalid-request.error.js';
import { MissingTokenError } from '../errors/missing-token.error.js';
import { nameOf } from '../handler/handler.js';
import { bodyProblem } from '../mcp/operations/body-problem.js';
import { isObject } from '../mcp/operations/json-rpc.js';
import type { McpRequirements } from '../mcp/operations/mcp-requirements.js';
import type { ProtectedAccess } from '../policy/access-policy.js';
import { cheapestScopes } from '../scope/cheapest-scopes.js';
import { isSatisfied, type ScopeRequirement } from '../scope/scope-requirement.js';
import { TimeLimit } from '../verification/time-limit.js';
import { assertConditions } from './conditions.js';
import {
  computedRequirement,
  fixedRequirement,
  isFixed,
  operationsRequirement,
} from './request-requirement.js';

/** The part of an exchange that authorization needs. */
export interface AuthorizedExchange {
  readonly request: { readonly method?: string; readonly body?: unknown };
  readonly policy: ProtectedAccess;
}

/**
 * The maximum number of requirements of operations that a rejection names to an anonymous caller. If there
 * are more requirements, the rejection names none of them. Without a limit, an untrusted client could cause much
 * work with a long batch.
 */
const MAX_NAMED = 10;

const NO_SCOPES = grantedScopes(undefined);

/** Checks that a caller may do what a request asks for: conditions first, then scopes. */
@Injectable()
export class Authorization {
  constructor(private readonly limit: TimeLimit) {}

  /**
   * Checks the conditions of the handler, then the scopes. Returns no promise for an authenticated caller if
   * the handler has no conditions and all scopes are fixed. If a condition is not met, the rejection names no
   * scopes, because more scopes would not help.
   *
   * @param caller - `undefined` for an anonymous caller
   * @throws AccessDeniedException, InsufficientScopeError, MissingTokenError, InvalidRequestError
   * @throws AuthorizationServerUnavailableError if a function of the application gives no result in time
   * @throws McpAuthConfigurationError if such a function gives an invalid result. An error that the function
   * throws is passed on
   */
  authorize(caller: AuthInfo | undefined, exchange: AuthorizedExchange): Promise<void> | undefined {
    const pending =
      caller === undefined
        ? authorizeAnonymous(exchange)
        : exchange.policy.conditions.length > 0
          ? authorizeOnConditions(caller, exchange)
          : authorizeByScopes(caller, exchange);
    return pending && this.limited(pending, exchange.policy);
  }

  /** Limits the time of conditions and computed scopes: they are functions of the application. */
  private async limited(pending: Promise<void>, { handler }: ProtectedAccess): Promise<void> {
    await this.limit.of(
      pending,
      () =>
        `A condition of @RequireAuth(), or a function of @RequireScopes() or @McpEndpoint(), on ${nameOf(handler)}`,
    );
  }
}

async function authorizeOnConditions(
  caller: AuthInfo,
  exchange: AuthorizedExchange,
): Promise<void> {
  await assertConditions(exchange.policy, caller, exchange.request);
  await authorizeByScopes(caller, exchange);
}

function authorizeByScopes(
  caller: AuthInfo,
  exchange: AuthorizedExchange,
): Promise<void> | undefined {
  const { request, policy } = exchange;
  const operations = readRequirements(exchange);
  if (!isFixed(policy, operations)) {
    return computedRequirement(policy, operations, request, caller).then((requirement) => {
      assertGranted(requirement, caller);
    });
  }
  assertGranted(fixedRequirement(policy, operations), caller);
  return undefined;
}

/**
 * Throws if the caller lacks scopes. The error names all needed scopes, so that the client can step up in one
 * round.
 */
function assertGranted(requirement: readonly ScopeRequirement[], caller: AuthInfo): void {
  const granted = grantedScopes(caller);
  if (!isSatisfied(requirement, granted)) {
    throw new InsufficientScopeError(cheapestScopes(requirement, granted), caller.scopes);
  }
}

/** Allows an anonymous caller only operations that need no scopes of their own. */
async function authorizeAnonymous(exchange: AuthorizedExchange): Promise<void> {
  const { policy } = exchange;
  const requirement = await operationsRequirement(
    policy,
    readRequirements(exchange, true),
    undefined,
  );
  if (!isSatisfied(requirement, NO_SCOPES)) {
    const named = requirement.length > MAX_NAMED ? [] : requirement;
    throw new MissingTokenError(cheapestScopes([...policy.scopes.fixed, ...named], NO_SCOPES));
  }
}

function readRequirements(
  { request, policy }: AuthorizedExchange,
  isAnonymous = false,
): McpRequirements | undefined {
  if (policy.mcp === undefined || !carriesMessages(request)) {
    return undefined;
  }
  const operations = policy.mcp.requirementsOf(request.body, isAnonymous);
  if (operations === undefined) {
    throw new InvalidRequestError(bodyProblem(request.body));
  }
  if (operations.isDenied) {
    throw new AccessDeniedException('This operation is not offered here.');
  }
  return operations;
}

/**
 * Returns `true` if the body of the request must be JSON-RPC. A `GET` that opens a stream and a `DELETE` that
 * ends a session need no body. If they have a body, it must be JSON-RPC, because a server may read it.
 */
function carriesMessages({ method, body }: AuthorizedExchange['request']): boolean {
  return method === 'POST' || !(body === undefined || body === null || isNoMessage(body));
}

/**
 * Returns `true` for an object without members of JSON-RPC: some parsers give `{}` for a missing body. It
 * looks up four names and does not go through all members, because the client may send many.
 */
function isNoMessage(body: unknown): boolean {
  return isObject(body) && !['jsonrpc', 'method', 'params', 'id'].some((name) => name in body);
}
