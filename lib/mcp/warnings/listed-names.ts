import type { ServerResponse } from 'node:http';
import { getOrMake } from '../../cache/get-or-make.js';
import { log } from '../../log/log.js';
import { didYouMean } from '../../options/validation/did-you-mean.js';
import { observeBody } from '../lists/body-observer.js';
import { isObject, messagesIn, readCalls } from '../operations/json-rpc.js';
import { lettersOf } from './letters-of.js';
import type { McpEndpointOptions } from '../mcp-endpoint.options.js';

/** The methods that return a list, with the option of `@McpEndpoint()` whose names are compared with that list. */
const LISTS = { 'tools/list': 'tools', 'prompts/list': 'prompts' } as const;

type Kind = (typeof LISTS)[keyof typeof LISTS];

/**
 * Compares the names in `@McpEndpoint()` with the first list of tools and of prompts that the endpoint's server
 * returns. Logs the names that are not in the list: they protect nothing, and the tool or prompt that was meant needs
 * no scopes. A list in pages is not compared.
 */
export class ListedNames {
  private readonly compared = new WeakMap<McpEndpointOptions, Set<Kind>>();

  /** @param nameOf - returns the name of the endpoint's handler */
  watch(
    nameOf: () => string,
    options: McpEndpointOptions,
    body: unknown,
    response: ServerResponse,
  ): void {
    const asked = this.askedFor(options, body);
    if (asked.size > 0) {
      observeBody(response, (text) => {
        for (const message of messagesOf(text)) {
          this.compare(nameOf, options, asked, message);
        }
      });
    }
  }

  /** Returns the kinds of lists that a body asks for, by the ids of the calls. */
  private askedFor(options: McpEndpointOptions, body: unknown): ReadonlyMap<unknown, Kind> {
    const pending = (Object.values(LISTS) as Kind[]).filter(
      (kind) => options[kind] !== undefined && !this.compared.get(options)?.has(kind),
    );
    const calls = pending.length === 0 ? [] : (readCalls(body) ?? []);
    return new Map(
      calls.flatMap(({ method, id, params }) => {
        const kind = LISTS[method as keyof typeof LISTS] as Kind | undefined;
        const isWhole = !isObject(params) || params.cursor === undefined;
        return kind && pending.includes(kind) && isWhole ? [[id, kind] as const] : [];
      }),
    );
  }

  private compare(
    nameOf: () => string,
    options: McpEndpointOptions,
    asked: ReadonlyMap<unknown, Kind>,
    message: unknown,
  ): void {
    const { id, result } = isObject(message) ? message : {};
    const kind = asked.get(id);
    const list = kind && isObject(result) && !result.nextCursor ? result[kind] : undefined;
    if (kind === undefined || !Array.isArray(list)) {
      return;
    }
    getOrMake(this.compared, options, () => new Set<Kind>()).add(kind);
    const names = list.flatMap((entry) =>
      isObject(entry) && typeof entry.name === 'string' ? [entry.name] : [],
    );
    const missing = Object.keys(options[kind] ?? {}).filter((name) => !names.includes(name));
    if (missing.length > 0) {
      log.warn(
        `@McpEndpoint() of ${nameOf()} names ${kind} that its MCP server does not list: ${missing.map((name) => inWords(name, names)).join(', ')}. These entries protect nothing, and the ${kind} that you meant need no scopes of their own. Correct the names, or set defaultDeny.`,
      );
    }
  }
}

function inWords(name: string, names: readonly string[]): string {
  const meant =
    didYouMean(name, names) ?? names.find((other) => lettersOf(other) === lettersOf(name));
  return `${JSON.stringify(name)}${meant === undefined ? '' : ` (did you mean ${JSON.stringify(meant)}?)`}`;
}

/** Returns the messages of a body, which may be JSON or an event stream. */
function messagesOf(text: string): readonly unknown[] {
  const isJson = /^\s*[[{]/.test(text);
  const texts = isJson
    ? [text]
    : text.split(/\r\n|\n|\r/).flatMap((line) => /^data: ?(.*)$/.exec(line)?.[1] ?? []);
  return texts.flatMap((json) => {
    try {
      return messagesIn(JSON.parse(json) as unknown);
    } catch {
      return [];
    }
  });
}
