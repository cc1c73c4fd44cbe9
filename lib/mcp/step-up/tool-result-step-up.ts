import { HttpException } from '@nestjs/common';
import { assertNotPromise } from '../../async/assert-not-promise.js';
import {
  BearerAuthException,
  InsufficientScopeException,
  MissingTokenException,
} from '../../challenge/bearer-auth.exception.js';
import type { Rejections } from '../../challenge/rejections.js';
import { McpAuthConfigurationError } from '../../errors/configuration.error.js';
import { isObject, readCalls, type JsonRpcCall } from '../operations/json-rpc.js';
import type { McpEndpointOptions } from '../mcp-endpoint.options.js';

/** The longest id of a call that is answered with a tool result. */
const MAX_ID_LENGTH = 1024;

const LOGIN_NEEDED = 'This operation needs an access token.';

/**
 * The member of `_meta` with the revision of the protocol. Since MCP 2026-07-28 every request has this member, and
 * every result has a `resultType`.
 */
const PROTOCOL_VERSION = 'io.modelcontextprotocol/protocolVersion';

/**
 * A rejection with 200: the challenge is in a tool result, for hosts that read it there (`stepUp: 'tool-result'` of an
 * `@McpEndpoint()`). `cause` is the exception of the rejection over HTTP.
 *
 * @experimental It may change in any version.
 */
export class ToolResultStepUpException extends HttpException {
  constructor(
    call: JsonRpcCall,
    /** The `WWW-Authenticate` value that the result's `_meta["mcp/www_authenticate"]` holds. */
    readonly challenge: string,
    cause: BearerAuthException,
  ) {
    const _meta: unknown = isObject(call.params) ? call.params._meta : undefined;
    const isWhole = isObject(_meta) && PROTOCOL_VERSION in _meta ? { resultType: 'complete' } : {};
    const text = cause instanceof MissingTokenException ? LOGIN_NEEDED : cause.message;
    const result = {
      ...isWhole,
      content: [{ type: 'text', text }],
      isError: true,
      _meta: { 'mcp/www_authenticate': [challenge] },
    };
    super({ jsonrpc: '2.0', id: call.id, result }, 200, { cause });
    this.message = text;
    this.name = new.target.name;
  }
}

/** The part of an exchange that decides which form its rejection has. */
interface RejectedExchange {
  readonly request: { readonly body?: unknown };
  readonly policy: {
    readonly mcp: { readonly options: McpEndpointOptions } | undefined;
    readonly anonymous: boolean;
  };
}

/**
 * Returns the rejection in the form that the endpoint chose for the request. A tool result is possible only
 * for a single `tools/call` that lacks scopes, or that lacks a token where the token is optional.
 */
export function inStepUpForm(
  rejection: Error,
  rejections: Rejections,
  { request, policy: { mcp, anonymous } }: RejectedExchange,
): Error {
  if (mcp === undefined || !(rejection instanceof BearerAuthException)) {
    return rejection;
  }
  const challenge = challengeOf(rejection, rejections, anonymous);
  const call = challenge === undefined ? undefined : answerableCall(request.body);
  return challenge !== undefined && call && chosenForm(mcp.options, request) === 'tool-result'
    ? new ToolResultStepUpException(call, challenge, rejection)
    : rejection;
}

/** Returns the single `tools/call` in a body if its id can be repeated in the answer. */
function answerableCall(body: unknown): JsonRpcCall | undefined {
  const [call] = Array.isArray(body) ? [] : (readCalls(body) ?? []);
  return call?.method === 'tools/call' && isId(call.id) ? call : undefined;
}

function isId(id: unknown): boolean {
  return typeof id === 'number' || (typeof id === 'string' && id.length <= MAX_ID_LENGTH);
}

/**
 * Returns the challenge for a tool result. Hosts always expect an error code and a description, but over HTTP
 * a challenge for a missing token has neither.
 */
function challengeOf(
  rejection: BearerAuthException,
  rejections: Rejections,
  anonymous: boolean,
): string | undefined {
  if (rejection instanceof InsufficientScopeException) {
    return rejection.headers['WWW-Authenticate'];
  }
  return anonymous && rejection instanceof MissingTokenException
    ? rejections.challenge('insufficient_scope', LOGIN_NEEDED)
    : undefined;
}

function chosenForm({ stepUp = 'http' }: McpEndpointOptions, request: unknown): unknown {
  const form: unknown =
    typeof stepUp === 'function' ? assertNotPromise(stepUp(request as never), 'stepUp()') : stepUp;
  if (form !== 'http' && form !== 'tool-result') {
    throw new McpAuthConfigurationError(
      `@McpEndpoint(): stepUp gave ${JSON.stringify(form)}; it must give 'http' or 'tool-result'.`,
    );
  }
  return form;
}
