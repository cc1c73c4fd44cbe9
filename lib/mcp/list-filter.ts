import { isCallable, type ListedKind } from './callable.js';
import { isObject, readCalls } from './json-rpc.js';
import type { McpEndpointPolicy } from './mcp-endpoint.js';
import { exampleUri } from './uri-template.js';

/** Rewrites a JSON text; one that needs no change is given back as it is. */
export type RewriteText = (text: string) => string;

/** What the results of the list methods hold, and the name of an entry. */
const LISTS: readonly { member: string; kind: ListedKind; name: string }[] = [
  { member: 'tools', kind: 'tools', name: 'name' },
  { member: 'prompts', kind: 'prompts', name: 'name' },
  { member: 'resources', kind: 'resources', name: 'uri' },
  { member: 'resourceTemplates', kind: 'resources', name: 'uriTemplate' },
];

const LIST_METHOD = /^(?:tools|prompts|resources|resources\/templates)\/list$/;

/** The ids of the calls in a parsed body that ask for a list. */
export function listCallIds(body: unknown): ReadonlySet<unknown> {
  const calls = readCalls(body) ?? [];
  return new Set(calls.filter(({ method }) => LIST_METHOD.test(method)).map(({ id }) => id));
}

/**
 * Leaves out of the lists in JSON-RPC responses what the caller could not call.
 *
 * @param ids - the calls whose results are lists; without them every result that holds lists is one
 */
export function listRewriter(
  policy: McpEndpointPolicy,
  granted: ReadonlySet<string>,
  ids?: ReadonlySet<unknown>,
): RewriteText {
  const isListed = (list: (typeof LISTS)[number], entry: unknown): boolean => {
    const given = isObject(entry) ? entry[list.name] : undefined;
    const name =
      typeof given === 'string' && list.name === 'uriTemplate' ? exampleUri(given) : given;
    return typeof name !== 'string' || isCallable(policy, granted, { kind: list.kind, name });
  };
  const rewriteMessage = (message: unknown): unknown => {
    if (!isObject(message) || !isObject(message.result) || ids?.has(message.id) === false) {
      return message;
    }
    const { result } = message;
    const lists = LISTS.filter(({ member }) => Array.isArray(result[member]));
    const filtered = lists.map((list) => [
      list.member,
      (result[list.member] as unknown[]).filter((entry) => isListed(list, entry)),
    ]);
    // What depends on the caller must not be kept for others.
    const cached =
      lists.length > 0 && result.cacheScope === 'public' ? { cacheScope: 'private' } : {};
    const changed = Object.fromEntries(filtered) as Record<string, unknown>;
    return { ...message, result: { ...result, ...changed, ...cached } };
  };
  return (text) => rewriteJson(text, rewriteMessage);
}

function rewriteJson(text: string, rewriteMessage: (message: unknown) => unknown): string {
  const messages = parse(text);
  const rewritten = Array.isArray(messages)
    ? messages.map(rewriteMessage)
    : rewriteMessage(messages);
  const json = JSON.stringify(rewritten);
  return json === JSON.stringify(messages) ? text : json;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
