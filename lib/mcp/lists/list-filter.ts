import { isCallable, type ListedKind } from '../callable.js';
import { isObject, readCalls } from '../operations/json-rpc.js';
import type { McpEndpointPolicy } from '../mcp-endpoint.js';
import { exampleUri } from '../operations/uri-template.js';

/** A function that rewrites a JSON text. It returns the same text if nothing has to change. */
export type RewriteText = (text: string) => string;

type Members = Readonly<Record<string, unknown>>;

/**
 * For each member that holds a list, the kinds of operations that an entry with a `name` can be. In any other member,
 * such an entry can be of any kind in `ANY_NAMED`.
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

/** The part of a result that is filtered: its depth, and whether it is a part of an entry of a list. */
interface Position {
  readonly depth: number;
  readonly isInEntry: boolean;
}

const RESULT: Position = { depth: 0, isInEntry: false };

/**
 * The methods whose results hold no lists. The result of any other method may hold lists, for example the result of an
 * extension's method.
 */
const WITHOUT_LISTS =
  /^(?:initialize|ping|server\/discover|logging\/setLevel|tools\/call|prompts\/get|resources\/(?:read|subscribe|unsubscribe)|completion\/complete)$/;

/**
 * Matches every body that may hold an entry to leave out. Such an entry has one of these members. A serializer may
 * write the letters of a member's name as `\u00…`.
 */
const MAY_HOLD_A_LIST = /"(?:name|uri|uriTemplate)"|\\u00/i;

/** Returns the ids of the calls in a parsed body whose results may hold lists. */
export function listCallIds(body: unknown): ReadonlySet<unknown> {
  const calls = readCalls(body) ?? [];
  return new Set(calls.filter(({ method }) => !WITHOUT_LISTS.test(method)).map(({ id }) => id));
}

/**
 * Returns a function that leaves out of the lists in JSON-RPC responses what the caller could not call. Every array of
 * objects with a `uri` or a `uriTemplate` counts as a list. An array of objects with a `name` also counts as a list,
 * unless it is inside a list entry. Inside an entry, it counts only in a member that `NAMED` has, such as `tools`.
 * Members in `NO_LISTS`, and lists deeper than `MAX_DEPTH`, are not filtered.
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
 * Returns the id as JSON text, so that any two ids can be compared. A server may return `[1]`, `1e400` or no id,
 * although MCP forbids it. `1e400` and no id become `null`.
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
    const filtered = this.filterMembers(result, RESULT);
    return result.cacheScope === 'public' && (filtered !== result || holdsLists(result))
      ? { ...filtered, cacheScope: 'private' }
      : filtered;
  }

  private filterMembers(object: Members, position: Position): Members {
    const changed: [string, unknown][] = [];
    for (const [member, value] of Object.entries(object)) {
      const filtered = NO_LISTS.has(member) ? value : this.filterValue(value, member, position);
      if (filtered !== value) {
        changed.push([member, filtered]);
      }
    }
    return changed.length === 0 ? object : { ...object, ...Object.fromEntries(changed) };
  }

  private filterValue(value: unknown, member: string, position: Position): unknown {
    return Array.isArray(value)
      ? this.filterList(value, member, position)
      : this.filterNested(value, position);
  }

  private filterNested(value: unknown, { depth, isInEntry }: Position): unknown {
    return isObject(value) && depth < MAX_DEPTH
      ? this.filterMembers(value, { depth: depth + 1, isInEntry })
      : value;
  }

  private filterList(
    list: readonly unknown[],
    member: string,
    { depth, isInEntry }: Position,
  ): readonly unknown[] {
    const hasNames = !isInEntry || Object.hasOwn(NAMED, member);
    const listed = list.filter(
      (entry) => !isObject(entry) || this.isListed(entry, member, hasNames),
    );
    const filtered = listed.map((entry) => this.filterNested(entry, { depth, isInEntry: true }));
    const isSame = filtered.length === list.length && filtered.every((it, at) => it === list[at]);
    return isSame ? list : filtered;
  }

  private isListed(
    { name, uri, uriTemplate }: Members,
    member: string,
    hasNames: boolean,
  ): boolean {
    const uris = [uri, typeof uriTemplate === 'string' ? exampleUri(uriTemplate) : undefined];
    return (
      uris.every((each) => typeof each !== 'string' || this.isCallable('resources', each)) &&
      // A name inside an entry names a part of the entry, not an operation.
      (!hasNames || typeof name !== 'string' || this.isNameListed(name, member))
    );
  }

  private isNameListed(name: string, member: string): boolean {
    const kinds = Object.hasOwn(NAMED, member) ? (NAMED[member] ?? []) : undefined;
    return (kinds ?? ANY_NAMED).every(
      (kind) =>
        // In an unknown list, an entry whose name has no scopes is perhaps neither a tool nor a prompt, so it stays.
        (kinds === undefined && this.policy.scopesOf({ kind, name }).length === 0) ||
        this.isCallable(kind, name),
    );
  }

  private isCallable(kind: ListedKind, name: string): boolean {
    return isCallable(this.policy, this.granted, { kind, name });
  }
}

/** Returns `true` if a result holds an array outside `NO_LISTS`, at any depth that is filtered. */
function holdsLists(object: Members, depth = 0): boolean {
  return Object.entries(object).some(
    ([member, value]) =>
      !NO_LISTS.has(member) &&
      (Array.isArray(value) ||
        (isObject(value) && depth < MAX_DEPTH && holdsLists(value, depth + 1))),
  );
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
