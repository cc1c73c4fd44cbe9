import type { JsonRpcCall } from './json-rpc.js';

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

type Named = Pick<McpOperation, 'kind'> & { name: unknown };

/** What the methods of MCP are about, in every revision since 2025-06-18. */
const SUBJECTS: Readonly<Record<string, (params: JsonRpcCall['params']) => Named[]>> = {
  'tools/call': ({ name }) => [{ kind: 'tools', name }],
  'prompts/get': ({ name }) => [{ kind: 'prompts', name }],
  'resources/read': ({ uri }) => [{ kind: 'resources', name: uri }],
  'resources/subscribe': ({ uri }) => [{ kind: 'resources', name: uri }],
  'resources/unsubscribe': ({ uri }) => [{ kind: 'resources', name: uri }],
  'subscriptions/listen': ({ notifications }) => subscribed(notifications),
  'completion/complete': ({ ref }) => completed(ref),
};

/**
 * What a call does: the method itself, and the tool, prompt or resources that it is about.
 *
 * Nothing where a name that decides on the scopes is missing or no string.
 */
export function operationsOf({ method, params }: JsonRpcCall): McpOperation[] | undefined {
  const subjects = Object.hasOwn(SUBJECTS, method) ? (SUBJECTS[method]?.(params) ?? []) : [];
  const named: Named[] = [{ kind: 'methods', name: method }, ...subjects];
  const { arguments: given } = params;
  const args =
    typeof given === 'object' && given !== null ? (given as McpOperation['arguments']) : {};
  const operations = named.map(({ kind, name }) => ({ kind, name, arguments: args, method }));
  return operations.every(isNamed) ? operations : undefined;
}

function isNamed(operation: { name: unknown }): operation is McpOperation {
  return typeof operation.name === 'string';
}

function subscribed(notifications: unknown): Named[] {
  const { resourceSubscriptions = [] } = (notifications ?? {}) as Record<string, unknown>;
  const uris: unknown[] = Array.isArray(resourceSubscriptions)
    ? resourceSubscriptions
    : [resourceSubscriptions];
  return uris.map((name) => ({ kind: 'resources', name }));
}

function completed(ref: unknown): Named[] {
  const { type, name, uri } = (ref ?? {}) as Record<string, unknown>;
  return type === 'ref/prompt' ? [{ kind: 'prompts', name }] : [{ kind: 'resources', name: uri }];
}
