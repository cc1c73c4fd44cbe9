/** A JSON-RPC request or notification: a message that asks for something. */
export interface JsonRpcCall {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Missing in a notification, which is carried out like a request. */
  readonly id: unknown;
}

/** No client sends as many calls in one body, nor any so deep. */
const MAX_MESSAGES = 100;
const MAX_DEPTH = 100;

/**
 * The calls in a parsed body: one message, or a batch. Responses, which ask for nothing, are left out.
 *
 * Nothing where the body is not JSON-RPC, not parsed, too long or too deep: what cannot be understood
 * cannot be allowed.
 */
export function readCalls(body: unknown): JsonRpcCall[] | undefined {
  const messages = Array.isArray(body) ? (body as unknown[]) : [body];
  if (messages.length === 0 || messages.length > MAX_MESSAGES || isTooDeep(body)) {
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

function readMessage(message: unknown): JsonRpcCall[] | undefined {
  if (!isObject(message) || message.jsonrpc !== '2.0') {
    return undefined;
  }
  const { method, params = {}, id } = message;
  if (method === undefined) {
    return 'result' in message || 'error' in message ? [] : undefined;
  }
  return typeof method === 'string' && isObject(params) ? [{ method, params, id }] : undefined;
}

/** Own members only, as JSON has them: `JSON.parse` makes `__proto__` an own member like any other. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value)
  );
}

/** Level by level, without recursion: a stranger chooses the depth. */
function isTooDeep(body: unknown): boolean {
  let level = [body];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) {
      return true;
    }
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? (Object.values(value) as unknown[]) : [],
    );
  }
  return false;
}
