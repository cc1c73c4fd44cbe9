/** A JSON-RPC request or notification: a message that asks for something. */
export interface JsonRpcCall {
  readonly method: string;
  /** By name, or by position, which MCP does not use. */
  readonly params: JsonRpcParams;
  /** Missing in a notification, which is carried out like a request. */
  readonly id: unknown;
}

export type JsonRpcParams = Readonly<Record<string, unknown>> | readonly unknown[];

/** No client sends as many calls in one body. */
export const MAX_MESSAGES = 100;

/**
 * Returns the calls in a parsed body: one message, or a batch. Responses, which ask for nothing, are left
 * out. Only the members of each message are looked at, not what is in its `params`.
 *
 * Returns nothing where the body is not JSON-RPC, not parsed, or too long: what cannot be understood
 * cannot be allowed.
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

/** The messages of a body, whether it is a batch or not. */
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

/** Own members only, as JSON has them: `JSON.parse` makes `__proto__` an own member like any other. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value)
  );
}
