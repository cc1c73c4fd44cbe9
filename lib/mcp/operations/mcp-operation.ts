import { isObject, type JsonRpcParams } from './json-rpc.js';

/** The kind of target of an MCP call. With `methods`, the target is the JSON-RPC method itself. */
export type McpOperationKind = 'tools' | 'prompts' | 'resources' | 'methods';

/** One operation of a JSON-RPC call, which may need scopes. */
export interface McpOperation {
  /** The kind of the operation's target. */
  readonly kind: McpOperationKind;
  /** The name of the tool or of the prompt, the URI of the resource, or the method. */
  readonly name: string;
  /** The `arguments` of the call; empty if it has none. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** The JSON-RPC method. */
  readonly method: string;
}

/** Returns the `arguments` of a call; empty if it has none. */
export function argumentsOf(params: JsonRpcParams): McpOperation['arguments'] {
  const given: unknown = isObject(params) ? params.arguments : undefined;
  return typeof given === 'object' && given !== null ? (given as McpOperation['arguments']) : {};
}
