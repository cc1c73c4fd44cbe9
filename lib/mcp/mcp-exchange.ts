import { Injectable } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { grantedScopes } from '../auth-info/granted-scopes.js';
import { CalledNames } from './called-names.js';
import { listCallIds, listRewriter } from './list-filter.js';
import { ListedNames } from './listed-names.js';
import type { McpEndpointPolicy } from './mcp-endpoint.js';
import { MissingEndpoints } from './missing-endpoints.js';
import { rewriteResponse } from './response-rewriter.js';
import { assertOwnSession, bindSession, type SessionRequest } from './session-binding.js';
import { SessionOwners } from './session-owners.js';

/** A request that has been let in to an MCP endpoint, and Node's own response to it. */
export interface McpExchange {
  /** The name of the handler, worked out where it is needed. */
  readonly nameOf: () => string;
  readonly policy: McpEndpointPolicy;
  /** Nothing for an anonymous caller. */
  readonly caller: AuthInfo | undefined;
  /** Node's own request. */
  readonly request: SessionRequest;
  /** The parsed body. */
  readonly body: unknown;
  readonly response: ServerResponse;
}

/** What an MCP endpoint owes besides letting a request in: its session, and what its lists hold. */
@Injectable()
export class McpExchanges {
  private readonly calledNames = new CalledNames();
  private readonly listedNames = new ListedNames();
  private readonly missingEndpoints = new MissingEndpoints();

  constructor(private readonly sessions: SessionOwners) {}

  /** @throws SessionNotFoundException if the request is for another caller's session */
  open(exchange: McpExchange): void {
    const { nameOf, caller, request, response, policy, body } = exchange;
    bindSession(this.sessions, caller, request, response);
    this.calledNames.notice(nameOf, policy.options, body);
    if (policy.options.filterLists) {
      filterLists(exchange);
    }
    // What the server lists, before anything is left out of it.
    this.listedNames.watch(nameOf, policy.options, body, response);
  }

  /**
   * Looks at a request that is let in to a handler that is no MCP endpoint. It may answer at the path of one
   * all the same: a wildcard, or a path that another version or a prefix gives.
   *
   * @throws SessionNotFoundException if the request is for another caller's session
   */
  notice({ nameOf, caller, request, body }: Omit<McpExchange, 'policy' | 'response'>): void {
    assertOwnSession(this.sessions, caller, request);
    this.missingEndpoints.notice(body, nameOf);
  }
}

/**
 * With a session, a server goes by the ids of JSON-RPC alone: the list that one request asked for may be
 * the answer to a later one with the same id. A stream may carry any result. There, whatever looks like a
 * list is one.
 */
function filterLists({ policy, caller, request, body, response }: McpExchange): void {
  const mayBeAnyList = request.method === 'GET' || request.headers['mcp-session-id'] !== undefined;
  const ids = mayBeAnyList ? undefined : listCallIds(body);
  if (ids?.size !== 0) {
    // What is compressed before it gets here could not be read.
    delete request.headers['accept-encoding'];
    rewriteResponse(response, listRewriter(policy, grantedScopes(caller), ids));
  }
}
