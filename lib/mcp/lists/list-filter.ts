import { isCallable, type ListedKind } from '../callable.js';
import { isObject, readCalls } from '../operations/json-rpc.js';
import type { McpEndpointPolicy } from '../mcp-endpoint.js';
import { exampleUri } from '../operations/uri-template.js';

/** A function that rewrites a JSON text. It returns a text that needs no change as it is. */
export type RewriteText = (text: string) => string;

type Members = Readonly<Record<string, unknown>>;

/**
 * The kinds of operations that the `name` of an entry can mean. The key is the member of the result that
 * holds the list. In any other member, a `name` can mean each kind in `ANY_NAMED`.
 */
const NAMED: Readonly<Record<string, readonly ListedKind[]>> = {
  tools: ['tools'],
  prompts: ['prompts'],
  resources: [],
  resourceTemplates: [],
};
const ANY_NAMED: readonly ListedKind[] = ['tools', 'prompts'];

/** The members that hold no lists of operations: they are the result of a call, or describe an entry. */
const NO_LISTS = new Set([
  ...['content', 'contents', 'messages', 'structuredContent', 'toolResult', 'completion'],
  ...['inputSchema', 'outputSchema', 'arguments', 'annotations', 'icons', '_meta'],
]);

/** The depth to which nested lists are filtered, such as the files of each skill in a list of skills. */
const MAX_DEPTH = 3;

/**
 * The methods whose results hold no lists. The result of any other method may hold lists, for example that
 * of a method of an extension.
 */
const WITHOUT_LISTS =
  /^(?:initialize|ping|server\/discover|logging\/setLevel|tools\/call|prompts\/get|resources\/(?:read|subscribe|unsubscribe)|completion\/complete)$/;

/**
 * Matches every body that may hold an entry to leave out: such an entry has one of these members. A
 * serializer may write the letters of their names as `\u00…`.
 */
const MAY_HOLD_A_LIST = /"(?:name|uri|uriTemplate)"|\\u00/i;

/** Returns the ids of the calls in a parsed body whose results may hold lists. */
export function listCallIds(body: unknown): ReadonlySet<unknown> {
  const calls = readCalls(body) ?? [];
  return new Set(calls.filter(({ method }) => !WITHOUT_LISTS.test(method)).map(({ id }) => id));
}

/**
 * Leaves out of the lists in JSON-RPC responses what the caller could not call. Every array of objects with a
 * `name`, a `uri` or a `uriTemplate` counts as a list, except in the members `NO_LISTS` and below `MAX_DEPTH`.
 *
 * @param ids - the ids of the calls whose results are filtered; if absent, every result is filtered
 */
export function listRewriter(
  policy: McpEndpointPolicy,
  granted: ReadonlySet<string>,
  ids?: ReadonlySet<unknown>,
): RewriteText {
  const filter = new ListFilter(policy, granted);
  const expected = ids && new Set([...ids].map(idInJson));
  const rewriteMessage = (message: unknown): unknown => {
    if (
      !isObject(message) ||
      !isObject(message.result) ||
      expected?.has(idInJson(message.id)) === false
    ) {
      return message;
    }
    const result = filter.filterResult(message.result);
    return result === message.result ? message : { ...message, result };
  };
  return (text) =>
    MAY_HOLD_A_LIST.test(text) || hasCacheScope(text) ? rewriteJson(text, rewriteMessage) : text;
}

/**
 * Writes an id as JSON has it. A server may return an id that MCP forbids, such as `[1]`, `1e400` or none.
 */
function idInJson(id: unknown): string {
  return JSON.stringify(id ?? null);
}

class ListFilter {
  constructor(
    private readonly policy: McpEndpointPolicy,
    private readonly granted: ReadonlySet<string>,
  ) {}

  /**
   * Filters a result. A result that depends on the caller must not be cached for others, so its `cacheScope`
   * becomes `private`.
   */
  filterResult(result: Members): Members {
    const filtered = this.filterMembers(result, 0);
    const holdsLists = Object.entries(result).some(
      ([member, value]) => Array.isArray(value) && !NO_LISTS.has(member),
    );
    return (holdsLists || filtered !== result) && result.cacheScope === 'public'
      ? { ...filtered, cacheScope: 'private' }
      : filtered;
  }

  private filterMembers(object: Members, depth: number): Members {
    const changed: [string, unknown][] = [];
    for (const [member, value] of Object.entries(object)) {
      const filtered = NO_LISTS.has(member) ? value : this.filterValue(value, member, depth);
      if (filtered !== value) {
        changed.push([member, filtered]);
      }
    }
    return changed.length === 0 ? object : { ...object, ...Object.fromEntries(changed) };
  }

  private filterValue(value: unknown, member: string, depth: number): unknown {
    if (Array.isArray(value)) {
      return this.filterList(value, member, depth);
    }
    return isObject(value) && depth < MAX_DEPTH ? this.filterMembers(value, depth + 1) : value;
  }

  private filterList(list: readonly unknown[], member: string, depth: number): readonly unknown[] {
    const listed = list.filter((entry) => !isObject(entry) || this.isListed(entry, member, depth));
    const filtered = listed.map((entry) =>
      isObject(entry) && depth < MAX_DEPTH ? this.filterMembers(entry, depth + 1) : entry,
    );
    const isSame = filtered.length === list.length && filtered.every((it, at) => it === list[at]);
    return isSame ? list : filtered;
  }

  private isListed({ name, uri, uriTemplate }: Members, member: string, depth: number): boolean {
    const uris = [uri, typeof uriTemplate === 'string' ? exampleUri(uriTemplate) : undefined];
    return (
      uris.every((each) => typeof each !== 'string' || this.isCallable('resources', each)) &&
      // Inside an entry, a name belongs to a part of that entry.
      (depth > 0 || typeof name !== 'string' || this.isNameListed(name, member))
    );
  }

  private isNameListed(name: string, member: string): boolean {
    const kinds = Object.hasOwn(NAMED, member) ? (NAMED[member] ?? []) : undefined;
    return (kinds ?? ANY_NAMED).every(
      (kind) =>
        // In an unknown list, a name without scopes may be neither a tool nor a prompt, so it stays.
        (kinds === undefined && this.policy.scopesOf({ kind, name }).length === 0) ||
        this.isCallable(kind, name),
    );
  }

  private isCallable(kind: ListedKind, name: string): boolean {
    return isCallable(this.policy, this.granted, { kind, name });
  }
}

function hasCacheScope(text: string): boolean {
  return text.includes('"cacheScope"');
}

function rewriteJson(text: string, rewriteMessage: (message: unknown) => unknown): string {
  const messages = parse(text);
  if (!Array.isArray(messages)) {
    const rewritten = rewriteMessage(messages);
    return rewritten === messages ? text : JSON.stringify(rewritten);
  }
  const rewritten = (messages as unknown[]).map(rewriteMessage);
  const isSame = rewritten.every((message, at) => message === messages[at]);
  return isSame ? text : JSON.stringify(rewritten);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
