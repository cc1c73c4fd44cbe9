/**
 * A caller, for logs and statistics. It has neither the token nor any other claims than these.
 *
 * @experimental It may change in any version.
 */
export interface EventCaller {
  /** The issuer of the token. */
  readonly issuer: string;
  /** The user or client that the token identifies (`sub`). The subject of a user is personal data. */
  readonly subject: string | undefined;
  /** The OAuth client. The empty string if the token names no client. */
  readonly clientId: string;
  /** The value of `AuthInfo.principal`; `undefined` if the token does not identify a user or client. */
  readonly principal: string | undefined;
  /** The scopes of the token. */
  readonly scopes: readonly string[];
  /** The time at which the token expires, in seconds since the epoch. */
  readonly expiresAt: number | undefined;
}

/**
 * An MCP operation that a request asks for. The client chose the texts of both members: escape them before you
 * write them anywhere. Each text has at most 200 characters.
 *
 * @experimental It may change in any version.
 */
export interface EventOperation {
  /** The JSON-RPC method, such as `tools/call`. */
  readonly method: string;
  /** The name of the tool or the prompt, or the URI of the resource, if `params` has one. */
  readonly target: string | undefined;
}

/**
 * The part that all events about a request have.
 *
 * @experimental It may change in any version.
 */
export interface RequestEvent {
  /** The identifier of the protected resource. For a tenant, the identifier of the tenant's own resource. */
  readonly resource: string;
  /** The handler, such as `NotesController.list`, or `authenticateConnection()`. */
  readonly handler: string;
  /** The kind of transport, as Nest's `ExecutionContext.getType()` names it. */
  readonly transport: string;
  /**
   * The operations in the body, at an MCP endpoint. Empty if the body has more than 100 messages, or if a request
   * without a caller has more than one message.
   */
  readonly operations: readonly EventOperation[];
}

/**
 * A decision of the guard about a request.
 *
 * @experimental It may change in any version.
 */
export interface DecisionEvent extends RequestEvent {
  /** The milliseconds that the decision took, including what it waited for. */
  readonly duration: number;
}

/**
 * A request that the guard let in.
 *
 * @experimental It may change in any version.
 */
export interface AcceptedEvent extends DecisionEvent {
  /** `undefined` for an anonymous caller. */
  readonly caller: EventCaller | undefined;
}

/**
 * A request that the guard did not let in.
 *
 * @experimental It may change in any version.
 */
export interface RejectedEvent extends DecisionEvent {
  /** The HTTP status of the rejection. With `stepUp: 'tool-result'` the client gets 200 instead of 403. */
  readonly status: number;
  /** The `error` of the body, such as `invalid_token`; `undefined` for other answers, such as 404 and 500. */
  readonly code: string | undefined;
  /** The failed check of a token or of a DPoP proof, such as `expired`. */
  readonly reason: string | undefined;
  /** The scopes that the operation needs, if the caller lacks some. */
  readonly requiredScopes: readonly string[] | undefined;
  /** The caller, if the token was valid. */
  readonly caller: EventCaller | undefined;
}

/**
 * A caller who was rejected with `insufficient_scope`, and came back with a token that has more scopes.
 *
 * @experimental It may change in any version.
 */
export interface SteppedUpEvent extends RequestEvent {
  /** The caller, with the new token. */
  readonly caller: EventCaller;
  /** The scopes of the new token that the token of the rejected request did not have. */
  readonly gainedScopes: readonly string[];
}

/**
 * A fetch of a document of an authorization server.
 *
 * @experimental It may change in any version.
 */
export interface DocumentEvent {
  /** The issuer identifier of the authorization server. */
  readonly issuer: string;
  /** The metadata document, or the JWK Set. */
  readonly document: 'metadata' | 'jwks';
  /** The milliseconds that the fetch took. */
  readonly duration: number;
}

/**
 * A failed fetch of a document of an authorization server.
 *
 * @experimental It may change in any version.
 */
export interface FailedDocumentEvent extends DocumentEvent {
  /** The error. Its message may contain text of the authorization server: escape it. */
  readonly error: unknown;
}

/**
 * A revocation by {@link TokenRevocations} at this instance.
 *
 * @experimental It may change in any version.
 */
export interface RevokedEvent {
  /** The issuer of the revoked tokens. */
  readonly issuer: string;
  /** The subject whose tokens were revoked; `undefined` if it was one token. */
  readonly subject: string | undefined;
}

/**
 * The events of {@link McpAuthEvents}, by name. Each event is also published on the channel
 * `nestjs-mcp-auth:<name>` of `node:diagnostics_channel`.
 *
 * @experimental It may change in any version.
 */
export interface McpAuthEventMap {
  /** The guard, or `authenticateConnection()`, let a request in. */
  accepted: AcceptedEvent;
  /** The guard, or `authenticateConnection()`, did not let a request in. */
  rejected: RejectedEvent;
  /**
   * A caller came back with the scopes that were missing. Only the instance that rejected the caller notices
   * this, only within ten minutes, and only while something listens to this event.
   */
  steppedUp: SteppedUpEvent;
  /** A document was fetched for the first time. */
  fetched: DocumentEvent;
  /** A document was fetched again. */
  refreshed: DocumentEvent;
  /** A fetch failed. The cached document stays in use. */
  stale: FailedDocumentEvent;
  /** A fetch failed, and there is no document to use. Requests that need the document get 503. */
  unavailable: FailedDocumentEvent;
  /** Tokens were revoked. */
  revoked: RevokedEvent;
}
