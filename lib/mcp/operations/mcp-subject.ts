import { isObject, type JsonRpcCall } from './json-rpc.js';
import type { McpOperationKind } from './mcp-operation.js';

type Kinds = readonly McpOperationKind[];

/** A name or a URI in the `params` of a call. */
export interface McpSubject {
  /** The kinds of target that the name can mean: several if the call does not say which. */
  readonly kinds: Kinds;
  readonly name: string;
}

const TOOL: Kinds = ['tools'];
const PROMPT: Kinds = ['prompts'];
const RESOURCE: Kinds = ['resources'];
const ANYTHING: Kinds = ['tools', 'prompts', 'resources'];

/** The depth of nested arrays and objects to which names are read. */
const MAX_DEPTH = 5;

/**
 * Returns what a call is about: its `name`, its `uri`, its `ref`, and the resources that it subscribes to.
 * The shape of the `params` decides, not the method, so that methods of extensions are protected too. Members
 * that are missing or `null` name nothing.
 *
 * An array counts as each name in it, and as the key that JavaScript makes of it (`['a', 'b']` is `'a,b'`). An
 * object counts as each name in it. A number or a boolean counts as its key (`1` is `'1'`).
 *
 * Returns `undefined` if there are more than `most` values to read, or if they are nested too deeply.
 */
export function subjectsOf(
  { method, params }: JsonRpcCall,
  most: number,
): readonly McpSubject[] | undefined {
  const reader = new SubjectReader(most);
  if (isObject(params)) {
    reader.readMembers(params, kindsOfName(method), 0);
  } else {
    reader.readName(params, ANYTHING, 0);
  }
  return reader.isExhausted ? undefined : reader.found;
}

class SubjectReader {
  readonly found: McpSubject[] = [];
  isExhausted = false;
  private looked = 0;

  constructor(private readonly most: number) {}

  readMembers(object: Record<string, unknown>, kinds: Kinds, depth: number): void {
    this.readName(member(object, 'name'), kinds, depth);
    this.readName(member(object, 'uri'), RESOURCE, depth);
    const ref = member(object, 'ref');
    this.readName(ref, isObject(ref) ? kindsOfReference(ref) : ANYTHING, depth);
    const notifications = member(object, 'notifications');
    if (isObject(notifications)) {
      const subscribed = member(notifications, 'resourceSubscriptions');
      this.readEach(Array.isArray(subscribed) ? subscribed : [subscribed], RESOURCE, depth);
    }
  }

  readName(value: unknown, kinds: Kinds, depth: number): void {
    if (value === undefined || value === null || !this.count(depth)) {
      return;
    }
    if (Array.isArray(value)) {
      this.readEach(value, kinds, depth + 1);
      if (value.length > 1 && !this.isExhausted) {
        this.found.push({ kinds, name: asKey(value) });
      }
    } else if (isObject(value)) {
      this.readMembers(value, kinds, depth + 1);
    } else {
      this.found.push({ kinds, name: asKey(value) });
    }
  }

  private readEach(values: readonly unknown[], kinds: Kinds, depth: number): void {
    if (values.length > this.most) {
      this.isExhausted = true;
      return;
    }
    for (const value of values) {
      this.readName(value, kinds, depth);
    }
  }

  /**
   * Counts a value. Returns `false` if there are too many values, or this one is nested too deeply. The client chooses
   * the number and the depth.
   */
  private count(depth: number): boolean {
    this.looked++;
    this.isExhausted ||= this.looked > this.most || depth > MAX_DEPTH;
    return !this.isExhausted;
  }
}

/**
 * Returns a member of an object. If the object has an own member `__proto__`, a copy that a server makes may inherit
 * from its value. So the members of that value count too.
 */
function member(object: Record<string, unknown>, name: string): unknown {
  if (Object.hasOwn(object, name)) {
    return object[name];
  }
  const inherited = Object.getOwnPropertyDescriptor(object, '__proto__')?.value as unknown;
  return isObject(inherited) && Object.hasOwn(inherited, name) ? inherited[name] : undefined;
}

/**
 * Returns the key that JavaScript makes of a JSON value. `String()` would throw for an object with a
 * `toString` member.
 */
function asKey(value: unknown): string {
  if (Array.isArray(value)) {
    return value.map((item: unknown) => (item === null ? '' : asKey(item))).join();
  }
  return isObject(value) ? '[object Object]' : String(value);
}

function kindsOfName(method: string): Kinds {
  return method.startsWith('tools/') ? TOOL : method.startsWith('prompts/') ? PROMPT : ANYTHING;
}

function kindsOfReference(ref: Record<string, unknown>): Kinds {
  const type = member(ref, 'type');
  return type === 'ref/prompt' ? PROMPT : type === 'ref/resource' ? RESOURCE : ANYTHING;
}
