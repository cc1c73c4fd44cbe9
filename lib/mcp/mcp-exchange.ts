import { Injectable } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { grantedScopes } from '../auth-info/granted-scopes.js';
import { listCallIds, listRewriter } from './list-filter.js';
import type { McpEndpointPolicy } from './mcp-endpoint.js';
import { rewriteResponse } from './response-rewriter.js';
import { bindSession, type SessionRequest } from './session-binding.js';
import { SessionOwners } from './session-owners.js';

/** A request that has been let in to an MCP endpoint, and Node's own response to it. */
export interface McpExchange {
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
  constructor(private readonly sessions: SessionOwners) {}

  /** @throws SessionNotFoundException if the request is for another caller's session */
  open(exchange: McpExchange): void {
    const { caller, request, response, policy } = exchange;
    bindSession(this.sessions, caller, request, response);
    if (policy.options.filterLists) {
      filterLists(exchange);
    }
  }
}

/** A stream that is resumed may repeat any result: there, whatever looks like a list is one. */
function filterLists({ policy, caller, request, body, response }: McpExchange): void {
  const ids = listCallIds(body);
  const isResumed = request.method === 'GET' && request.headers['last-event-id'] !== undefined;
  if (ids.size > 0 || isResumed) {
    // What is compressed before it gets here could not be read.
    delete request.headers['accept-encoding'];
    const filter = listRewriter(policy, grantedScopes(caller), isResumed ? undefined : ids);
    rewriteResponse(response, filter);
  }
}
