import { Effort } from './effort.js';
import { MAX_MESSAGES, type JsonRpcCall } from './json-rpc.js';
import type { OperationScopes } from '../mcp-endpoint.options.js';
import { argumentsOf, type McpOperation } from './mcp-operation.js';
import { subjectsOf, type McpSubject } from './mcp-subject.js';
import { readUri, type UriForms } from './resource-scopes.js';

/** What a request to an MCP endpoint asks for. */
export interface McpRequirements {
  /** The calls in its body. */
  readonly calls: readonly JsonRpcCall[];
  /** Every operation that the endpoint names, with what it needs; fixed scopes once. */
  readonly needs: readonly { readonly operation: McpOperation; readonly scopes: OperationScopes }[];
  /** Whether there is an operation that the endpoint does not name, where those are refused. */
  readonly isDenied: boolean;
}

/** How much of a body is looked at. */
export interface BodyBounds {
  readonly messages: number;
  /** Each message is a method and what that is about; a subscription is about several resources. */
  readonly operations: number;
  /** The longest method, name or URI. */
  readonly length: number;
  readonly effort: number;
  /** Whether what takes more effort is not understood, rather than taken to need everything. */
  readonly isExact: boolean;
}

export const MAX_OPERATIONS = 200;
/** As many scopes are computed: several templates may ask for some of one URI. */
const MAX_COMPUTED = 500;

/** A request that may be let in is understood as a whole. */
export const WHOLE: BodyBounds = {
  messages: MAX_MESSAGES,
  operations: MAX_OPERATIONS,
  length: Infinity,
  effort: 600_000,
  isExact: false,
};

/** So is that of an anonymous caller, which costs its sender nothing. */
export const ANONYMOUS: BodyBounds = { ...WHOLE, effort: 150_000 };

/** What the 401 of a request without a valid token names need not be more than what clients send first. */
export const SMALL: BodyBounds = {
  messages: 1,
  operations: 4,
  length: 512,
  effort: 150_000,
  isExact: true,
};

/** What is looked up for one name. */
export interface Lookup {
  readonly kind: McpOperation['kind'];
  readonly name: string;
  /** The name as a URI, read when it is first needed. */
  readonly uri: () => UriForms;
  readonly effort: Effort;
}

/** Let through whatever is named: without them there is no session, and nothing to find out. */
const PROTOCOL =
  /^(?:initialize|ping|server\/discover|logging\/setLevel|(?:tools|prompts|resources|resources\/templates)\/list|notifications\/.*)$/;

/** These are decided by what they are about. */
const DECIDED_BY_SUBJECT =
  /^(?:tools\/call|prompts\/get|resources\/(?:read|subscribe|unsubscribe)|subscriptions\/listen|completion\/complete)$/;

/** Gathers what the calls of one body need. */
export class RequirementsReader {
  readonly needs: { operation: McpOperation; scopes: OperationScopes }[] = [];
  /** Whether an operation was added that the endpoint does not name. */
  hasUnnamed = false;
  private readonly fixed = new Set<OperationScopes>();
  private readonly added = new Set<readonly OperationScopes[]>();
  private readonly effort: Effort;
  private operations = 0;
  private computed = 0;

  constructor(
    private readonly bounds: BodyBounds,
    private readonly lookUp: (asked: Lookup) => readonly OperationScopes[],
  ) {
    this.effort = new Effort(bounds.effort);
  }

  /** Returns whether the call is within the bounds. */
  add(call: JsonRpcCall): boolean {
    const { operations, length } = this.bounds;
    const subjects = subjectsOf(call, operations);
    if (!subjects) {
      return false;
    }
    const { method } = call;
    const isDecidedByMethod = !isProtocol(method);
    const all = [{ kinds: ['methods'] as const, name: method }, ...subjects];
    this.operations += all.length;
    if (this.operations > operations || all.some(({ name }) => name.length > length)) {
      return false;
    }
    for (const subject of all) {
      const isNamed = this.addSubject(subject, call);
      const isDecisive =
        subject.kinds[0] === 'methods'
          ? isDecidedByMethod
          : // What is named by an unknown method need not be a tool, a prompt or a resource at all.
            subject.kinds.length === 1 || !isDecidedByMethod;
      this.hasUnnamed ||= isDecisive && !isNamed;
    }
    return this.computed <= MAX_COMPUTED && !this.isGuessed();
  }

  private isGuessed(): boolean {
    return this.bounds.isExact && this.effort.isExhausted;
  }

  /** Returns whether the endpoint names it. */
  private addSubject({ kinds, name }: McpSubject, { method, params }: JsonRpcCall): boolean {
    const asked = lookup(name, this.effort);
    let isNamed = false;
    for (const kind of kinds) {
      const listed = this.lookUp(asked(kind));
      isNamed ||= listed.length > 0;
      this.addAll({ kind, name, arguments: argumentsOf(params), method }, listed);
    }
    return isNamed;
  }

  /** A URI that is not compared needs what each other one does: the same list, which may be long. */
  private addAll(operation: McpOperation, listed: readonly OperationScopes[]): void {
    if (this.added.has(listed)) {
      return;
    }
    let isFixed = true;
    for (const scopes of listed) {
      if (typeof scopes === 'function') {
        isFixed = false;
        this.computed++;
        this.needs.push({ operation, scopes });
      } else if (!this.fixed.has(scopes)) {
        this.fixed.add(scopes);
        this.needs.push({ operation, scopes });
      }
    }
    if (isFixed) {
      this.added.add(listed);
    }
  }
}

/** Returns what is to be looked up for a name, as something of one kind or another. */
export function lookup(name: string, effort: Effort): (kind: McpOperation['kind']) => Lookup {
  let read: UriForms | undefined;
  const uri = () => (read ??= readUri(name, effort));
  return (kind) => ({ kind, name, uri, effort });
}

/** No method of the protocol is as long; the client chooses what is compared. */
const MAX_PROTOCOL_METHOD = 200;

function isProtocol(method: string): boolean {
  return (
    method.length <= MAX_PROTOCOL_METHOD &&
    (PROTOCOL.test(method) || DECIDED_BY_SUBJECT.test(method))
  );
}
