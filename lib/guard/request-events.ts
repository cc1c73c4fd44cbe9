import { HttpException } from '@nestjs/common';
import type { AuthInfo } from '../auth-info/auth-info.js';
import { principalOf } from '../auth-info/principal.js';
import {
  BearerAuthException,
  InsufficientScopeException,
} from '../challenge/bearer-auth.exception.js';
import { InvalidDpopProofError } from '../errors/dpop-proof.error.js';
import { InvalidTokenError } from '../errors/invalid-token.error.js';
import type {
  AcceptedEvent,
  DecisionEvent,
  EventCaller,
  EventOperation,
  RejectedEvent,
  RequestEvent,
} from '../events/mcp-auth-event.js';
import { readCalls } from '../mcp/operations/json-rpc.js';
import { subjectsOf } from '../mcp/operations/mcp-subject.js';
import { MAX_OPERATIONS } from '../mcp/operations/mcp-requirements.js';
import { ToolResultStepUpException } from '../mcp/step-up/tool-result-step-up.js';

/** The greatest length of a text that the client chose. */
const MAX_LENGTH = 200;

/** A request, as events describe it. */
export interface ObservedRequest {
  readonly resource: string;
  readonly handler: string;
  readonly transport: string;
  /** The body, at an MCP endpoint. */
  readonly body: unknown;
  /** The time at which the request arrived, as a value of `performance.now()`. */
  readonly startedAt: number;
  readonly caller: AuthInfo | undefined;
}

export function acceptedEvent(request: ObservedRequest): AcceptedEvent {
  return { ...decisionEvent(request), caller: eventCaller(request.caller) };
}

/** Returns the event of a rejection. A rejection in the form of a tool result keeps the status and code of HTTP. */
export function rejectedEvent(request: ObservedRequest, error: Error): RejectedEvent {
  const rejection =
    error instanceof ToolResultStepUpException ? (error.cause as BearerAuthException) : error;
  const { cause } = rejection;
  const hasReason = cause instanceof InvalidTokenError || cause instanceof InvalidDpopProofError;
  return {
    ...decisionEvent(request),
    status: rejection instanceof HttpException ? rejection.getStatus() : 500,
    code: rejection instanceof BearerAuthException ? rejection.code : undefined,
    reason: hasReason ? cause.reason : undefined,
    requiredScopes:
      rejection instanceof InsufficientScopeException ? rejection.requiredScopes : undefined,
    caller: eventCaller(request.caller),
  };
}

function decisionEvent(request: ObservedRequest): DecisionEvent {
  return { ...requestEvent(request), duration: performance.now() - request.startedAt };
}

export function requestEvent({
  resource,
  handler,
  transport,
  body,
  caller,
}: ObservedRequest): RequestEvent {
  return { resource, handler, transport, operations: operationsIn(body, caller) };
}

export function eventCaller(caller: AuthInfo): EventCaller;
export function eventCaller(caller: AuthInfo | undefined): EventCaller | undefined;
export function eventCaller(caller: AuthInfo | undefined): EventCaller | undefined {
  if (caller === undefined) {
    return undefined;
  }
  const { issuer, subject, clientId, scopes, expiresAt } = caller;
  return { issuer, subject, clientId, principal: principalOf(caller), scopes, expiresAt };
}

/** Reads more than one message only for a caller with a valid token. */
function operationsIn(body: unknown, caller: AuthInfo | undefined): EventOperation[] {
  const calls = body === undefined ? undefined : readCalls(body, caller ? undefined : 1);
  return (calls ?? []).map((call) => ({
    method: call.method.slice(0, MAX_LENGTH),
    target: subjectsOf(call, MAX_OPERATIONS)?.[0]?.name.slice(0, MAX_LENGTH),
  }));
}
