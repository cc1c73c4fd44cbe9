import { MCP, NOTES, type Place } from './places.js';

/** What an attack has to be answered with. */
export interface Answer {
  status: number;
  /** The whole `WWW-Authenticate` value; nothing where there must be none. */
  challenge?: string;
  /** The whole body, as JSON; not looked at where it is the HTTP server's or the adapter's own. */
  body?: unknown;
  /** Other header fields; `undefined` for one that must not be there. */
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

/** 401: the token is not valid, for the reason given and told in fixed words. */
export const invalidToken = (reason: keyof typeof DESCRIPTIONS, at = NOTES): Answer =>
  refusal(401, 'invalid_token', DESCRIPTIONS[reason], at);

/** 401 as for a request that presents nothing. */
export const unauthorized = (at = NOTES): Answer =>
  refusal(401, undefined, 'This resource needs an access token.', at);

/** 400: what is presented as a token cannot be one, or is presented twice. */
export const unreadable = (what: 'none' | 'two headers' | 'characters', at = NOTES): Answer => {
  const found = {
    none: 'no token after the scheme Bearer',
    'two headers': 'more than one Authorization header',
    characters: 'more than one token, or one with characters that no token has',
  }[what];
  return refusal(400, 'invalid_request', `The request holds ${found}.`, at);
};

/** 400: it is not clear who is calling, or the proxy did not say so. */
export const unclear = (what: 'two identities' | 'another sender', at: Place): Answer => {
  const found = {
    'two identities': 'The request holds an access token and an assertion of a proxy.',
    'another sender': 'The assertion of a proxy did not come from that proxy.',
  }[what];
  return refusal(400, 'invalid_request', found, at);
};

/** 403: a page of another site makes the browser call. */
export const foreignPage: Answer = {
  status: 403,
  body: {
    error: 'access_denied',
    error_description: 'Pages of this origin may not call this endpoint (allowedOrigins).',
  },
};

/** 403: the scopes that are needed, those that the token has included. */
export const insufficientScope = (scope = NOTES.scope, at = NOTES): Answer =>
  refusal(403, 'insufficient_scope', 'The access token lacks a scope that this operation needs.', {
    ...at,
    scope,
  });

/** 400: the body of an MCP endpoint cannot be understood. */
export const notJsonRpc = (at = MCP): Answer =>
  refusal(400, 'invalid_request', 'The body is not JSON-RPC 2.0.', at);

/** 400: the body of an MCP endpoint is a text, or is not read at all. */
export const notParsed = (at = MCP): Answer =>
  refusal(
    400,
    'invalid_request',
    'The body is not JSON-RPC 2.0, or the application does not parse it as JSON.',
    at,
  );

/** 400: the body of an MCP endpoint asks for more than is taken at once. */
export const tooMuch = (at = MCP): Answer =>
  refusal(
    400,
    'invalid_request',
    'The body asks for too much: at most 100 messages with 200 operations are taken at once.',
    at,
  );

/** 403 whatever the scopes. */
export const denied: Answer = {
  status: 403,
  body: { error: 'access_denied', error_description: 'This operation is not offered here.' },
};

/** 503: whether the token is valid cannot be told. */
export const unavailable: Answer = {
  status: 503,
  body: {
    error: 'temporarily_unavailable',
    error_description: 'The access token cannot be verified at the moment.',
  },
  headers: { 'retry-after': /^\d{1,2}$/, 'access-control-expose-headers': 'Retry-After' },
};

/** 404 as for a session that there never was. */
export const noSession: Answer = {
  status: 404,
  body: { jsonrpc: '2.0', error: { code: -32001, message: 'Session not found' }, id: null },
};

/** What the HTTP server, the adapter or a parser answers, before or after the guard; never a challenge. */
export const outside = (status: number): Answer => ({ status });

/** The request is let in, but what was smuggled into it has no effect. */
export const letIn = (body: unknown): Answer => ({ status: 200, body });

/** What `GET /notes` tells Alice. */
export const asAlice = letIn({ subject: 'alice', scopes: ['read:notes'] });
