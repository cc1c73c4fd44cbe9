import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCalls } from '../../lib/mcp/operations/json-rpc.js';
import { McpEndpointPolicy } from '../../lib/mcp/mcp-endpoint.js';
import { subjectsOf } from '../../lib/mcp/operations/mcp-subject.js';
import { parseUrl } from '../../lib/url/parse-url.js';
import { isObject, jsonWith, nearly, nearlyObject } from './arbitraries.js';

const METHODS = [
  ...['tools/call', 'prompts/get', 'resources/read', 'resources/subscribe', 'tools/list'],
  ...[
    'resources/unsubscribe',
    'subscriptions/listen',
    'completion/complete',
    'tasks/cancel',
    'ping',
  ],
];
const NAMES = ['secret', 'Secret', 'open', 'secret ', 'sec\u0000ret', '__proto__', 'constructor'];
const URIS = [
  'x://secret',
  'X://secret',
  'x://SECRET',
  'x://open',
  'x://a/../secret',
  'x://secret/',
  'x://n/1',
];
const MEMBERS = [
  ...['jsonrpc', 'method', 'params', 'id', 'result', 'error', 'name', 'uri', 'arguments', 'ref'],
  ...['type', 'notifications', 'resourceSubscriptions', '_meta', 'Method', 'NAME'],
];
const VALUES = ['2.0', ...METHODS, ...NAMES, ...URIS, 'ref/prompt', 'ref/resource', 1, null];

const name = fc.constantFrom(...NAMES);
const uri = fc.constantFrom(...URIS);
const params = nearlyObject(
  {
    name,
    uri,
    arguments: jsonWith(MEMBERS, VALUES),
    ref: nearlyObject({ type: fc.constantFrom('ref/prompt', 'ref/resource'), name, uri }),
    notifications: nearlyObject({ resourceSubscriptions: fc.array(uri, { maxLength: 3 }) }),
  },
  MEMBERS,
);
const message = nearlyObject(
  {
    jsonrpc: fc.constant('2.0'),
    id: fc.oneof(fc.nat(), fc.string(), fc.constant(null)),
    method: fc.oneof(fc.constantFrom(...METHODS), nearly(fc.constantFrom(...METHODS))),
    params,
  },
  MEMBERS,
);
const body = fc.oneof(
  { weight: 4, arbitrary: message },
  { weight: 4, arbitrary: fc.array(message, { maxLength: 5 }) },
  { weight: 1, arbitrary: jsonWith(MEMBERS, VALUES) },
);

const policy = new McpEndpointPolicy({
  tools: { secret: 'tool' },
  prompts: { secret: 'prompt' },
  resources: { 'x://secret': 'resource', 'x://n/{id}': 'template' },
  methods: { 'tasks/cancel': 'method' },
});

const normalized = (text: string) => parseUrl(text)?.href ?? text;

/** Returns the scopes of all operations that a server of any revision or extension could read from one message. */
function neededBy({ method, params: given }: Record<string, unknown>): string[] {
  if (typeof method !== 'string') {
    return [];
  }
  const { name: called, uri: read, ref, notifications } = isObject(given) ? given : {};
  const completed = isObject(ref) ? ref : {};
  const subscribed = isObject(notifications) ? notifications.resourceSubscriptions : [];
  // A server that validates nothing uses a value as a key, and so converts an array to a string.
  const key = (value: unknown) => {
    try {
      return Array.isArray(value) ? String(value) : value;
    } catch {
      return undefined;
    }
  };
  const secret = (value: unknown, scope: string) => (key(value) === 'secret' ? [scope] : []);
  const resource = (value: unknown) => {
    const uri = key(value);
    const forms = typeof uri === 'string' ? [uri, normalized(uri)] : [];
    return forms.includes('x://secret')
      ? ['resource']
      : forms.includes('x://n/1')
        ? ['template']
        : [];
  };
  const anything = (value: unknown) => [
    ...secret(value, 'tool'),
    ...secret(value, 'prompt'),
    ...resource(value),
  ];
  return [
    ...(method === 'tasks/cancel' ? ['method'] : []),
    ...(method.startsWith('tools/')
      ? secret(called, 'tool')
      : method.startsWith('prompts/')
        ? secret(called, 'prompt')
        : anything(called)),
    ...(Array.isArray(given) ? given.flatMap(anything) : []),
    ...resource(read),
    ...[subscribed].flat().flatMap(resource),
    ...(completed.type === 'ref/prompt' ? secret(completed.name, 'prompt') : []),
    ...(completed.type === 'ref/resource' ? [] : secret(completed.name, 'prompt')),
    ...resource(completed.uri),
  ];
}

describe('a JSON-RPC body', () => {
  it('is read in all of its messages, or rejected', () => {
    let understood = 0;
    fc.assert(
      fc.property(body, (given) => {
        const calls = readCalls(given);
        if (calls === undefined) {
          return;
        }
        understood++;
        const messages = [given].flat() as Record<string, unknown>[];
        expect(messages.every(({ jsonrpc }) => jsonrpc === '2.0')).toBe(true);
        const asking = messages.filter(({ method }) => method !== undefined);
        expect(calls.map(({ method }) => method)).toEqual(asking.map(({ method }) => method));
        for (const [index, call] of calls.entries()) {
          expect(call.id).toBe(asking[index]?.id);
          expect(call.params).toEqual(asking[index]?.params ?? {});
          for (const { kinds, name: named } of subjectsOf(call, 100) ?? []) {
            expect(typeof named).toBe('string');
            expect(kinds.length).toBeGreaterThan(0);
          }
        }
      }),
    );
    expect(understood).toBeGreaterThan(0);
  });

  it('needs the scopes of all of its messages, or is rejected', () => {
    let needed = 0;
    fc.assert(
      fc.property(body, (given) => {
        const required = policy.requirementsOf(given);
        if (required === undefined) {
          return;
        }
        const asked = required.needs.map(({ scopes }) => scopes);
        for (const one of [given].flat().filter(isObject).flatMap(neededBy)) {
          needed++;
          expect(asked).toContain(one);
        }
      }),
    );
    expect(needed).toBeGreaterThan(0);
  });
});
