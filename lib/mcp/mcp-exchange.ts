import { Injectable } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { grantedScopes } from '../auth-info/granted-scopes.js';
import { CalledNames } from './warnings/called-names.js';
import { listCallIds, listRewriter } from './lists/list-filter.js';
import { ListedNames } from './warnings/listed-names.js';
import type { McpEndpointPolicy } from './mcp-endpoint.js';
import { MissingEndpoints } from './warnings/missing-endpoints.js';
import { rewriteResponse } from './lists/response-rewriter.js';
import { assertOwnSession, bindSession, type SessionRequest } from './session/session-binding.js';
import { SessionOwners } from './session/session-owners.js';

/** A request that has been let in, and Node's own response to it. */
export interface LetInRequest {
  /** The name of the handler, worked out where it is needed. */
  readonly nameOf: () => string;
  /** Nothing where the handler is no MCP endpoint. */
  readonly policy: McpEndpointPolicy | undefined;
  /** Nothing for an anonymous caller. */
  readonly caller: AuthInfo | undefined;
  /** Node's own request. */
  readonly request: SessionRequest;
  /** The parsed body. */
  readonly body: unknown;
  readonly response: () => ServerResponse;
}

/** A request to an MCP endpoint. */
interface McpExchange extends LetInRequest {
  readonly policy: McpEndpointPolicy;
}

/** What an MCP endpoint owes besides letting a request in: its session, and what its lists hold. */
@Injectable()
export class McpExchanges {
  private readonly calledNames = new CalledNames();
  private readonly listedNames = new ListedNames();
  private readonly missingEndpoints = new MissingEndpoints();

  constructor(private readonly sessions: SessionOwners) {}

  /** @throws SessionNotFoundException if the request is for another caller's session */
  open(letIn: LetInRequest): void {
    if (isMcpExchange(letIn)) {
      this.openExchange(letIn);
    } else {
      this.noticeStray(letIn);
    }
  }

  /**
   * Looks at a request that is let in to a handler that is no MCP endpoint. It may answer at the path of one
   * all the same: a wildcard, or a path that another version or a prefix gives.
   */
  private noticeStray({ nameOf, caller, request, body }: LetInRequest): void {
    assertOwnSession(this.sessions, caller, request);
    this.missingEndpoints.notice(body, nameOf);
  }

  private openExchange(exchange: McpExchange): void {
    const { nameOf, caller, request, policy, body } = exchange;
    const response = exchange.response();
    bindSession(this.sessions, caller, request, response);
    this.calledNames.notice(nameOf, policy.options, body);
    if (policy.options.filterLists) {
      filterLists(exchange, response);
    }
    // What the server lists, before anything is left out of it.
    this.listedNames.watch(nameOf, policy.options, body, response);
  }
}

/**
 * With a session, a server goes by the ids of JSON-RPC alone: the list that one request asked for may be
 * the answer to a later one with the same id. A stream may carry any result. There, whatever looks like a
 * list is one.
 */
function filterLists(
  { policy, caller, request, body }: McpExchange,
  response: ServerResponse,
): void {
  const mayBeAnyList = request.method === 'GET' || request.headers['mcp-session-id'] !== undefined;
  const ids = mayBeAnyList ? undefined : listCallIds(body);
  if (ids?.size !== 0) {
    // What is compressed before it gets here could not be read.
    delete request.headers['accept-encoding'];
    rewriteResponse(response, listRewriter(policy, grantedScopes(caller), ids));
  }
}

function isMcpExchange(letIn: LetInRequest): letIn is McpExchange {
  return letIn.policy !== undefined;
}
