import { MCP, NOTES, type Place } from './places.js';

/** The answer that an attack must get. */
export interface Answer {
  status: number;
  /** The whole value of `WWW-Authenticate`. If it is left out, the answer must have no such header. */
  challenge?: string;
  /** The whole body, as JSON. If it is left out, the body is not checked: the HTTP server or the adapter wrote it. */
  body?: unknown;
  /** Other header fields. `undefined` stands for a field that must be absent. */
  headers?: Readonly<Record<string, string | RegExp | undefined>>;
}

const DESCRIPTIONS = {
  malformed: 'The access token is malformed.',
  algorithm: 'The access token is signed with an algorithm that is not accepted.',
  type: 'The access token is of a type that is not accepted.',
  issuer: 'The access token was issued by an authorization server that is not trusted.',
  signature: 'The signature of the access token could not be verified.',
  expired: 'The access token expired.',
  not_yet_valid: 'The access token is not valid yet.',
  audience: 'The access token is not meant for this resource.',
  claim: 'A claim of the access token is missing or malformed.',
};

const READABLE = { 'access-control-expose-headers': 'WWW-Authenticate' };

function refusal(
  status: number,
  error: string | undefined,
  description: string,
  { metadata, scope }: Place,
): Answer {
  const told = error && [`error="${error}"`, `error_description="${escape(description)}"`];
  const named = [`resource_metadata="${metadata}"`, `scope="${scope}"`];
  return {
    status,
    challenge: `Bearer ${[...(told ?? []), ...named].join(', ')}`,
    body: { error: error ?? 'unauthorized', error_description: description },
    headers: READABLE,
  };
}

const escape = (text: string) => text.replaceAll('"', String.raw`\"`);

/** Returns a 401: the token is not valid. The description is a fixed text for each reason. */
export const invalidToken = (reason: keyof typeof DESCRIPTIONS, at = NOTES): Answer =>
  refusal(401, 'invalid_token', DESCRIPTIONS[reason], at);

/** Returns a 401 as for a request without a token. */
export const unauthorized = (at = NOTES): Answer =>
  refusal(401, undefined, 'This resource needs an access token.', at);

/** Returns a 400: the presented value cannot be a token, or there are two Authorization headers. */
export const unreadable = (what: 'none' | 'two headers' | 'characters', at = NOTES): Answer => {
  const found = {
    none: 'no token after the scheme Bearer',
    'two headers': 'more than one Authorization header',
    characters: 'more than one token, or one with characters that no token has',
  }[what];
  return refusal(400, 'invalid_request', `The request holds ${found}.`, at);
};

/** Returns a 400: the caller is ambiguous, or the assertion did not come from the proxy. */
export const unclear = (what: 'two identities' | 'another sender', at: Place): Answer => {
  const found = {
    'two identities': 'The request holds an access token and an assertion of a proxy.',
    'another sender': 'The assertion of a proxy did not come from that proxy.',
  }[what];
  return refusal(400, 'invalid_request', found, at);
};

/** A 403: a page of another site makes the browser call. */
export const foreignPage: Answer = {
  status: 403,
  body: {
    error: 'access_denied',
    error_description: 'Pages of this origin may not call this endpoint (allowedOrigins).',
  },
};

/** Returns a 403. It names all scopes that are needed, including those that the token has. */
export const insufficientScope = (scope = NOTES.scope, at = NOTES): Answer =>
  refusal(403, 'insufficient_scope', 'The access token lacks a scope that this operation needs.', {
    ...at,
    scope,
  });

/** Returns a 400: the body of an MCP endpoint is not JSON-RPC. */
export const notJsonRpc = (at = MCP): Answer =>
  refusal(400, 'invalid_request', 'The body is not JSON-RPC 2.0.', at);

/** Returns a 400: the body of an MCP endpoint is a text, or was not parsed. */
export const notParsed = (at = MCP): Answer =>
  refusal(
    400,
    'invalid_request',
    'The body is not JSON-RPC 2.0, or the application does not parse it as JSON.',
    at,
  );

/** Returns a 400: the body of an MCP endpoint has more messages or operations than the limit. */
export const tooMuch = (at = MCP): Answer =>
  refusal(
    400,
    'invalid_request',
    'The body asks for too much: at most 100 messages with 200 operations are taken at once.',
    at,
  );

/** A 403 that no scope can change. */
export const denied: Answer = {
  status: 403,
  body: { error: 'access_denied', error_description: 'This operation is not offered here.' },
};

/** A 503: the token cannot be verified at the moment. */
export const unavailable: Answer = {
  status: 503,
  body: {
    error: 'temporarily_unavailable',
    error_description: 'The access token cannot be verified at the moment.',
  },
  headers: { 'retry-after': /^\d{1,2}$/, 'access-control-expose-headers': 'Retry-After' },
};

/** A 404 as for a session that never existed. */
export const noSession: Answer = {
  status: 404,
  body: { jsonrpc: '2.0', error: { code: -32001, message: 'Session not found' }, id: null },
};

/**
 * Returns an answer of the HTTP server, the adapter or a parser, before or after the guard. It is never a
 * challenge.
 */
export const outside = (status: number): Answer => ({ status });

/** Returns a 200 with this body: the request is let in, and what the attacker added has no effect. */
export const letIn = (body: unknown): Answer => ({ status: 200, body });

/** The answer of `GET /notes` to Alice. */
export const asAlice = letIn({ subject: 'alice', scopes: ['read:notes'] });
