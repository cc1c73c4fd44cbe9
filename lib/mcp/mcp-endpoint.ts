import { readCalls } from './json-rpc.js';
import type { McpEndpointOptions, OperationScopes } from './mcp-endpoint.decorator.js';
import { operationsOf, type McpOperation, type McpOperationKind } from './mcp-operation.js';
import { uriForms, uriTemplateMatcher } from './uri-template.js';

/** What a request to an MCP endpoint asks for. */
export interface McpDemand {
  /** Every operation that the endpoint names, with what it needs. */
  readonly needs: readonly { readonly operation: McpOperation; readonly scopes: OperationScopes }[];
  /** An operation that the endpoint does not name, where those are refused. */
  readonly denied: McpOperation | undefined;
}

/** Let through whatever is named: without them there is no session, and nothing to find out. */
const PROTOCOL =
  /^(?:initialize|ping|server\/discover|logging\/setLevel|(?:tools|prompts|resources|resources\/templates)\/list|notifications\/.*)$/;

/** These are decided by what they are about. */
const DECIDED_BY_SUBJECT =
  /^(?:tools\/call|prompts\/get|resources\/(?:read|subscribe|unsubscribe)|subscriptions\/listen|completion\/complete)$/;

/** Each message is a method and what that is about; a subscription is about several resources. */
const MAX_OPERATIONS = 200;

/** An MCP endpoint's options, its URI templates compiled. */
export class McpEndpointPolicy {
  private readonly templates: readonly {
    matches: (uri: string) => boolean;
    scopes: OperationScopes;
  }[];

  private readonly named: Readonly<Record<McpOperationKind, ReadonlyMap<string, OperationScopes>>>;

  constructor(readonly options: McpEndpointOptions) {
    const { tools = {}, prompts = {}, methods = {} } = options;
    const resources = Object.entries(options.resources ?? {});
    const isTemplate = ([uri]: [string, unknown]) => uri.includes('{');
    this.templates = resources
      .filter(isTemplate)
      .map(([template, scopes]) => ({ matches: uriTemplateMatcher(template), scopes }));
    this.named = {
      tools: new Map(Object.entries(tools)),
      prompts: new Map(Object.entries(prompts)),
      methods: new Map(Object.entries(methods)),
      resources: new Map(
        resources
          .filter((entry) => !isTemplate(entry))
          .flatMap(([uri, scopes]) => uriForms(uri).map((form) => [form, scopes] as const)),
      ),
    };
  }

  /** What a body asks for; nothing where it cannot be understood. */
  demandOf(body: unknown): McpDemand | undefined {
    const operations = readCalls(body)?.map(operationsOf);
    if (!operations?.every((found) => found !== undefined)) {
      return undefined;
    }
    const all = operations.flat();
    if (all.length > MAX_OPERATIONS) {
      return undefined;
    }
    const found = all.map((operation) => ({ operation, listed: this.scopesOf(operation) }));
    return {
      needs: found.flatMap(({ operation, listed }) =>
        listed.map((scopes) => ({ operation, scopes })),
      ),
      denied: this.options.defaultDeny
        ? found.find(({ operation, listed }) => listed.length === 0 && isDecisive(operation))
            ?.operation
        : undefined,
    };
  }

  /** What the endpoint says that an operation needs; nothing where it does not name it. */
  scopesOf({ kind, name }: Pick<McpOperation, 'kind' | 'name'>): OperationScopes[] {
    const forms = kind === 'resources' ? uriForms(name) : [name];
    const named = valuesOf(this.named[kind], forms);
    if (kind !== 'resources' || named.length > 0) {
      return named;
    }
    const matching = this.templates.filter(({ matches }) => forms.some(matches));
    return matching.map(({ scopes }) => scopes);
  }
}

function valuesOf(map: ReadonlyMap<string, OperationScopes>, keys: string[]): OperationScopes[] {
  const values = keys.map((key) => map.get(key));
  return values.filter((value) => value !== undefined);
}

function isDecisive({ kind, name }: McpOperation): boolean {
  return kind !== 'methods' || !(PROTOCOL.test(name) || DECIDED_BY_SUBJECT.test(name));
}
