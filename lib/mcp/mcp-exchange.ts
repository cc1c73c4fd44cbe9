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

/** A request that the guard has let in, with Node's own response. */
export interface LetInRequest {
  /** A function that returns the name of the handler, for messages. */
  readonly nameOf: () => string;
  /** The policy of the endpoint; `undefined` if the handler is not an MCP endpoint. */
  readonly policy: McpEndpointPolicy | undefined;
  /** The caller; `undefined` for an anonymous caller. */
  readonly caller: AuthInfo | undefined;
  /** The request of Node. */
  readonly request: SessionRequest;
  /** The parsed body. */
  readonly body: unknown;
  readonly response: () => ServerResponse;
}

/** A request to an MCP endpoint. */
interface McpExchange extends LetInRequest {
  readonly policy: McpEndpointPolicy;
}

/** The work at an MCP endpoint after a request is let in: its session, and what its lists contain. */
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
      this.checkOther(letIn);
    }
  }

  /**
   * Checks a request to a handler that is not an MCP endpoint. Its route may still match the path of an
   * endpoint: through a wildcard, another version or a prefix.
   */
  private checkOther({ nameOf, caller, request, body }: LetInRequest): void {
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
    // This comes last, so that the observer sees the server's lists before they are filtered.
    this.listedNames.watch(nameOf, policy.options, body, response);
  }
}

/**
 * Filters the lists in the response. In a session, a server matches requests and responses only by their
 * JSON-RPC ids, so the list for one request may answer a later request with the same id. A GET stream may
 * carry any result. In both cases, the lists in every result are filtered.
 */
function filterLists(
  { policy, caller, request, body }: McpExchange,
  response: ServerResponse,
): void {
  const mayBeAnyList = request.method === 'GET' || request.headers['mcp-session-id'] !== undefined;
  const ids = mayBeAnyList ? undefined : listCallIds(body);
  if (ids?.size !== 0) {
    // A compressed body could not be read here.
    delete request.headers['accept-encoding'];
    rewriteResponse(response, listRewriter(policy, grantedScopes(caller), ids));
  }
}

function isMcpExchange(letIn: LetInRequest): letIn is McpExchange {
  return letIn.policy !== undefined;
}
