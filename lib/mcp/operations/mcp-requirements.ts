import { Effort } from './effort.js';
import { MAX_MESSAGES, type JsonRpcCall } from './json-rpc.js';
import type { OperationScopes } from '../mcp-endpoint.options.js';
import { argumentsOf, type McpOperation } from './mcp-operation.js';
import { subjectsOf, type McpSubject } from './mcp-subject.js';
import { readUri, type UriForms } from './resource-scopes.js';

/** The requirements of a request to an MCP endpoint. */
export interface McpRequirements {
  /** The calls in its body. */
  readonly calls: readonly JsonRpcCall[];
  /** The operations that the endpoint names, with their scopes. The same fixed scopes are listed once. */
  readonly needs: readonly { readonly operation: McpOperation; readonly scopes: OperationScopes }[];
  /** `true` if an operation is not named and the endpoint rejects such operations. */
  readonly isDenied: boolean;
}

/** The limits to which a body is read. */
export interface BodyBounds {
  readonly messages: number;
  /**
   * The most operations. In each message, the method counts as one operation, and each name or URI in its `params` as
   * another one. A subscription may have several URIs.
   */
  readonly operations: number;
  /** The longest method, name or URI. */
  readonly length: number;
  readonly effort: number;
  /**
   * `true` if a body that takes more effort is not valid. If `false`, every comparison beyond that effort counts as a
   * match, so the body may need more scopes.
   */
  readonly isExact: boolean;
}

export const MAX_OPERATIONS = 200;
/** The most computed scopes in a body. Several templates may have computed scopes for one URI. */
const MAX_COMPUTED = 500;

/** The limits for a request of an authenticated caller. The whole body is read. */
export const WHOLE: BodyBounds = {
  messages: MAX_MESSAGES,
  operations: MAX_OPERATIONS,
  length: Infinity,
  effort: 600_000,
  isExact: false,
};

/**
 * The limits for a request of an anonymous caller. The whole body is read, but with less effort, because the request
 * costs its sender nothing.
 */
export const ANONYMOUS: BodyBounds = { ...WHOLE, effort: 150_000 };

/**
 * The limits for a request without a valid token. Its 401 needs to name scopes only for the messages that
 * clients send first.
 */
export const SMALL: BodyBounds = {
  messages: 1,
  operations: 4,
  length: 512,
  effort: 150_000,
  isExact: true,
};

/** A lookup of one name. */
export interface Lookup {
  readonly kind: McpOperation['kind'];
  readonly name: string;
  /** The name as a URI, read when it is first needed. */
  readonly uri: () => UriForms;
  readonly effort: Effort;
}

/**
 * The methods that `defaultDeny` always allows. Without them there are no sessions, and clients cannot find out what
 * the server offers.
 */
const PROTOCOL =
  /^(?:initialize|ping|server\/discover|logging\/setLevel|(?:tools|prompts|resources|resources\/templates)\/list|notifications\/.*)$/;

/** The methods that `defaultDeny` allows if the endpoint names the tool, prompt or resource of the call. */
const DECIDED_BY_SUBJECT =
  /^(?:tools\/call|prompts\/get|resources\/(?:read|subscribe|unsubscribe)|subscriptions\/listen|completion\/complete)$/;

/** Collects the requirements of the calls in one body. */
export class RequirementsReader {
  readonly needs: { operation: McpOperation; scopes: OperationScopes }[] = [];
  /** `true` if an operation was added that `defaultDeny` rejects. */
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

  /** Adds a call. Returns `false` if the limits are exceeded. */
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
          : // The name in an unknown method need not be that of a tool, a prompt or a resource.
            subject.kinds.length === 1 || !isDecidedByMethod;
      this.hasUnnamed ||= isDecisive && !isNamed;
    }
    return this.computed <= MAX_COMPUTED && !this.isGuessed();
  }

  private isGuessed(): boolean {
    return this.bounds.isExact && this.effort.isExhausted;
  }

  /** Adds a subject. Returns `true` if the endpoint names it. */
  private addSubject({ kinds, name }: McpSubject, { method, params }: JsonRpcCall): boolean {
    const asked = lookupsOf(name, this.effort);
    let isNamed = false;
    for (const kind of kinds) {
      const listed = this.lookUp(asked(kind));
      isNamed ||= listed.length > 0;
      this.addAll({ kind, name, arguments: argumentsOf(params), method }, listed);
    }
    return isNamed;
  }

  /**
   * Adds the scopes of an operation. Skips a list that was added before: URIs that are not compared share one
   * list, which may be long.
   */
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

/** Returns a function that creates the lookups of a name for each kind. */
export function lookupsOf(name: string, effort: Effort): (kind: McpOperation['kind']) => Lookup {
  let read: UriForms | undefined;
  const uri = () => (read ??= readUri(name, effort));
  return (kind) => ({ kind, name, uri, effort });
}

/**
 * The longest method that is compared. The client chooses the text, and no method of the protocol is longer.
 */
const MAX_PROTOCOL_METHOD = 200;

function isProtocol(method: string): boolean {
  return (
    method.length <= MAX_PROTOCOL_METHOD &&
    (PROTOCOL.test(method) || DECIDED_BY_SUBJECT.test(method))
  );
}
