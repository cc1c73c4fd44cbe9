import { getOrMake } from '../../cache/get-or-make.js';
import { log } from '../../log/log.js';
import { isObject } from '../operations/json-rpc.js';
import { lettersOf } from './letters-of.js';
import type { McpEndpointOptions } from '../mcp-endpoint.options.js';

/** The methods that call a tool or a prompt, with the option of `@McpEndpoint()` that names it. */
const CALLS = new Map([
  ['tools/call', 'tools'],
  ['prompts/get', 'prompts'],
] as const);

/** The length of the longest name that is compared. In MCP, a tool's name has at most 128 characters. */
const MAX_LENGTH = 128;

type Kind = 'tools' | 'prompts';
type NamesByLetters = Record<Kind, Map<string, string>>;

/**
 * Logs calls of a tool or a prompt whose name differs from a name in `@McpEndpoint()` only in case or punctuation. Such
 * a call needed no scopes of its own. Each name is logged once.
 */
export class CalledNames {
  private readonly endpoints = new WeakMap<McpEndpointOptions, NamesByLetters>();

  /** @param nameOf - returns the name of the endpoint's handler */
  notice(nameOf: () => string, options: McpEndpointOptions, body: unknown): void {
    const { method, params } = isObject(body) ? body : {};
    const kind = CALLS.get(method as 'tools/call' | 'prompts/get');
    const called = kind && isObject(params) ? params.name : undefined;
    if (kind === undefined || typeof called !== 'string' || called.length > MAX_LENGTH) {
      return;
    }
    const isNamed = Object.hasOwn(options[kind] ?? {}, called);
    const named = isNamed ? undefined : this.takeNamed(options, kind, lettersOf(called));
    if (named !== undefined) {
      log.warn(
        `@McpEndpoint() of ${nameOf()} names "${named}" among its ${kind}, but a client called ${JSON.stringify(called)}, which it does not name. That call needed no scopes of its own. Correct the name, or set defaultDeny.`,
      );
    }
  }

  /** Returns the name with these letters and removes it, so that there is at most one log line for each name. */
  private takeNamed(options: McpEndpointOptions, kind: Kind, letters: string): string | undefined {
    const names = getOrMake(this.endpoints, options, () => namesByLetters(options));
    const named = names[kind].get(letters);
    names[kind].delete(letters);
    return named;
  }
}

function namesByLetters({ tools = {}, prompts = {} }: McpEndpointOptions): NamesByLetters {
  const byLetters = (named: object) =>
    new Map(Object.keys(named).map((name) => [lettersOf(name), name]));
  return { tools: byLetters(tools), prompts: byLetters(prompts) };
}
