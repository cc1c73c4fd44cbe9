import { isObject, type JsonRpcParams } from './json-rpc.js';

/** What kind of thing an MCP call is about; a `method` stands for the call itself. */
export type McpOperationKind = 'tools' | 'prompts' | 'resources' | 'methods';

/** One thing that a JSON-RPC call does, as far as scopes are concerned. */
export interface McpOperation {
  /** What it is about. */
  readonly kind: McpOperationKind;
  /** The tool's or the prompt's name, the resource's URI, or the method. */
  readonly name: string;
  /** The call's `arguments`; empty if it has none. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** The JSON-RPC method. */
  readonly method: string;
}

/** Returns the `arguments` of a call, as its operations have them. */
export function argumentsOf(params: JsonRpcParams): McpOperation['arguments'] {
  const given: unknown = isObject(params) ? params.arguments : undefined;
  return typeof given === 'object' && given !== null ? (given as McpOperation['arguments']) : {};
}
