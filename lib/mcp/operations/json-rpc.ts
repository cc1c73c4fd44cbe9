/** A JSON-RPC request or notification: a message that asks for something. */
export interface JsonRpcCall {
  readonly method: string;
  /** The parameters by name, or by position, which MCP does not use. */
  readonly params: JsonRpcParams;
  /** The id; missing in a notification, which is handled like a request. */
  readonly id: unknown;
}

export type JsonRpcParams = Readonly<Record<string, unknown>> | readonly unknown[];

/** The most messages in one body, responses included. Clients send fewer. */
export const MAX_MESSAGES = 100;

/**
 * Returns the calls in a parsed body: one message, or a batch. Responses are left out, because they ask for
 * nothing. Reads only the members of each message, not those of its `params`.
 *
 * Returns `undefined` if the body is not JSON-RPC, is not parsed, or has too many messages: a body that cannot
 * be read cannot be allowed.
 */
export function readCalls(body: unknown, most = MAX_MESSAGES): JsonRpcCall[] | undefined {
  const messages = messagesIn(body);
  if (messages.length === 0 || messages.length > most) {
    return undefined;
  }
  const calls: JsonRpcCall[] = [];
  for (const message of messages) {
    const read = readMessage(message);
    if (read === undefined) {
      return undefined;
    }
    calls.push(...read);
  }
  return calls;
}

/** Returns the messages of a body: the messages of a batch, or the body itself. */
export function messagesIn(body: unknown): readonly unknown[] {
  return Array.isArray(body) ? (body as unknown[]) : [body];
}

function readMessage(message: unknown): JsonRpcCall[] | undefined {
  if (!isObject(message) || message.jsonrpc !== '2.0') {
    return undefined;
  }
  const { method, id } = message;
  if (method === undefined) {
    return 'result' in message || 'error' in message ? [] : undefined;
  }
  const params = message.params ?? {};
  return typeof method === 'string' && isParams(params) ? [{ method, params, id }] : undefined;
}

function isParams(value: unknown): value is JsonRpcParams {
  return isObject(value) || Array.isArray(value);
}

/**
 * Returns `true` for an object, but not for an array or a `Buffer`. In an object that `JSON.parse` made,
 * `__proto__` is an own member like any other.
 */
export function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value)
  );
}
