import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isCallable } from '../../../../lib/mcp/callable.js';
import { listCallIds, listRewriter } from '../../../../lib/mcp/lists/list-filter.js';
import { McpEndpointPolicy } from '../../../../lib/mcp/mcp-endpoint.js';
import type { McpEndpointOptions } from '../../../../lib/mcp/mcp-endpoint.options.js';
import { isSatisfied } from '../../../../lib/scope/scope-requirement.js';

const SCOPES = ['a', 'b', 'c'];
const NAMES = ['one', 'two', 'three', '__proto__', 'constructor'];
const scope = fc.constantFrom(...SCOPES);
const requirement = fc.oneof(
  scope,
  fc.array(scope, { minLength: 1, maxLength: 3 }),
  fc.record({ anyOf: fc.array(scope, { minLength: 1, maxLength: 3 }) }),
  fc.constant([]),
);

const tools = fc.dictionary(fc.constantFrom(...NAMES), requirement);
const granted = fc.subarray(SCOPES);
const rewriter = (options: McpEndpointOptions, scopes: string[] = [], ids?: unknown[]) =>
  listRewriter(new McpEndpointPolicy(options), new Set(scopes), ids && new Set(ids));
const response = (result: unknown, id: unknown = 1) =>
  JSON.stringify({ jsonrpc: '2.0', id, result });

describe('a filtered list', () => {
  it('contains exactly the tools that the caller may call', () => {
    fc.assert(
      fc.property(tools, granted, fc.boolean(), (options, scopes, defaultDeny) => {
        const policy = new McpEndpointPolicy({ tools: options, defaultDeny });
        const text = response({ tools: NAMES.map((name) => ({ name })) });
        const { result } = JSON.parse(listRewriter(policy, new Set(scopes))(text)) as {
          result: { tools: { name: string }[] };
        };
        const lets = NAMES.filter((name) => {
          const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name } };
          const required = policy.requirementsOf(body);
          const needs = (required?.needs ?? []).map((need) => need.scopes as string);
          return required?.isDenied === false && isSatisfied(needs, new Set(scopes));
        });
        expect(result.tools.map(({ name }) => name)).toEqual(lets);
      }),
    );
  });

  it('loses no entry when the caller has more scopes', () => {
    fc.assert(
      fc.property(tools, granted, scope, (options, scopes, more) => {
        const policy = new McpEndpointPolicy({ tools: options });
        return NAMES.every(
          (name) =>
            !isCallable(policy, new Set(scopes), { kind: 'tools', name }) ||
            isCallable(policy, new Set([...scopes, more]), { kind: 'tools', name }),
        );
      }),
    );
  });

  it('leaves out tools whose method needs a missing scope', () => {
    const text = response({ tools: [{ name: 'x' }], prompts: [{ name: 'y' }] });
    const filtered = rewriter({ methods: { 'tools/call': 'a' } })(text);
    expect(JSON.parse(filtered)).toMatchObject({ result: { tools: [], prompts: [{ name: 'y' }] } });
  });

  it.each([
    ['in an object', (list: object) => ({ data: { tools: list } })],
    ['in an object of a deeper object', (list: object) => ({ data: { page: { tools: list } } })],
    ['in an entry of another list', (list: object) => ({ sets: [{ name: 's', tools: list }] })],
  ])('of tools is filtered %s as well, and is not cached for other callers', (_, nested) => {
    const whole = { ...nested([{ name: 'x' }, { name: 'y' }]), cacheScope: 'public' };
    const filter = (scopes: string[]) =>
      (JSON.parse(rewriter({ tools: { x: 'a' } }, scopes)(response(whole))) as { result: object })
        .result;
    expect(filter([])).toEqual({ ...nested([{ name: 'y' }]), cacheScope: 'private' });
    expect(filter(['a'])).toEqual({ ...whole, cacheScope: 'private' });
  });

  it('keeps the parts of an entry, even if a tool has the name of a part', () => {
    const text = response({
      forms: [{ name: 'f', fields: [{ name: 'x' }], more: { parts: [{ name: 'x' }] } }],
    });
    expect(rewriter({ tools: { x: 'a' } })(text)).toBe(text);
  });

  it('keeps entries without a name and entries with computed scopes', () => {
    const text = response({ tools: [{}, null, 1, { name: 7 }, { name: 'x' }] });
    expect(rewriter({ tools: { x: () => 'a' }, defaultDeny: true })(text)).toBe(text);
  });

  it.each([
    ['an error', '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}'],
    ['another id', ' {"id": 2, "result": {"tools": [{"name": "x"}]}}'],
    ['the id as a string', '{"id":"1","result":{"tools":[{"name":"x"}]}}'],
    ['a notification', '{"jsonrpc":"2.0","method":"x","params":{"tools":[{"name":"x"}]}}'],
    ['an object instead of a list', '{"id":1,"result":{"tools":{"name":"x"}}}'],
    ['malformed JSON', '{"id":1,'],
    ['an empty body', ''],
    ['a number', '1'],
  ])('is returned unchanged if it is not the expected list: %s', (_, text) => {
    expect(rewriter({ tools: { x: 'a' } }, [], [1])(text)).toBe(text);
  });

  it('compares resources by URI, and templates by the resources that they cover', () => {
    const options = {
      resources: { 'todo://secret': 'a', 'todo://{id}/notes': 'b', 'file:///{+path}': 'c' },
    };
    const text = response({
      resources: [{ uri: 'todo://secret' }, { uri: 'todo://1/notes' }, { uri: 'todo://1' }],
      resourceTemplates: [
        { uriTemplate: 'todo://{id}' },
        { uriTemplate: 'todo://{other}/notes' },
        { uriTemplate: 'file:///{dir}/{name}{?version}' },
      ],
    });
    expect(JSON.parse(rewriter(options)(text))).toMatchObject({
      result: {
        resources: [{ uri: 'todo://1' }],
        resourceTemplates: [{ uriTemplate: 'todo://{id}' }],
      },
    });
    expect(rewriter(options, ['a', 'b', 'c'])(text)).toBe(text);
  });

  it('is recognized by the ids of list calls', () => {
    const list = (id: unknown, method = 'tools/list') => ({ jsonrpc: '2.0', id, method });
    const ids = (body: unknown) => [...listCallIds(body)];
    expect(ids([list(1), list('1', 'resources/templates/list'), list(2, 'ping')])).toEqual([
      1,
      '1',
    ]);
    expect(ids(list(1, 'skills/list'))).toEqual([1]);
    expect(ids(list(1, 'tools/call'))).toEqual([]);
    expect(ids('tools/list')).toEqual([]);
  });
});
