import { describe, expect, it } from '@jest/globals';
import { McpEndpointPolicy } from '../../../lib/mcp/mcp-endpoint.js';
import { McpNestEndpointPolicy } from '../../../lib/mcp-nest/mcp-nest-endpoint.js';
import { cpuTime } from '../../support/cpu-time.js';

const call = (method: string, params: unknown) => ({ jsonrpc: '2.0', id: 1, method, params });
const read = (uri: unknown) => call('resources/read', { uri });
const times = <T>(count: number, make: (at: number) => T) =>
  Array.from({ length: count }, (_, at) => make(at));

/** Returns a URI template that a URI of hyphens fails to match only late, which makes the comparison slow. */
const TEMPLATE = (at: number) => `x://{a}-{b}-{c}-{+d}-{e}-{f}/${at}/{g}`;
const resources = (count: number) =>
  Object.fromEntries(times(count, (at) => [TEMPLATE(at), `scope-${at}`]));
const policy = new McpEndpointPolicy({ resources: resources(100) });
const mcpNest = new McpNestEndpointPolicy(
  times(100, (at) => ({ kind: 'resources', name: `x://{a}-{b}/{c}-${at}/{d}`, scopes: [`${at}`] })),
);
const uri = (length: number) => `x://${'-'.repeat(length - 7)}/-/`;

describe.each([
  ['given in the options', policy],
  ['of MCP-Nest', mcpNest],
])('the requirements of resources %s', (_, endpoint) => {
  it('are found in bounded time, however many and however long the URIs are', () => {
    const one = cpuTime(() => endpoint.requirementsOf(read(uri(200))));
    for (const body of [
      times(100, () => read(uri(200))),
      times(100, () => read(uri(2000))),
      times(100, () => read(uri(8000))),
      call('subscriptions/listen', {
        notifications: { resourceSubscriptions: times(198, () => uri(2000)) },
      }),
    ]) {
      // These are about a hundred times as many URIs, with up to 40 times the length.
      expect(cpuTime(() => endpoint.requirementsOf(body)) / one).toBeLessThan(60);
    }
  });

  it('are the requirements of all resources if there is too much to compare', () => {
    const all = new Set(
      endpoint.requirementsOf(read(uri(9000)))?.needs.map(({ scopes }) => scopes),
    );
    expect(all.size).toBe(100);
    const needs = endpoint.requirementsOf(times(100, () => read(uri(2000))))?.needs;
    expect(new Set(needs?.map(({ scopes }) => scopes))).toEqual(all);
  });

  it('cost nothing for parts of a body that are not read', () => {
    const huge = JSON.parse(JSON.stringify(`x://${'://?'.repeat(1_000_000)}`)) as string;
    const million = times(1_000_000, () => 1);
    const keys = Object.fromEntries(times(200_000, (at) => [`key-${at}`, [at]]));
    const [short, ...large] = [
      call('tools/call', { name: 'a', arguments: {} }),
      call('tools/call', { name: huge, arguments: {} }),
      call('notifications/x', { uri: huge }),
      call(huge, {}),
      call('tools/call', { name: million }),
      call('tools/call', keys),
      call('tools/call', { name: keys, ref: keys, notifications: keys }),
      call('subscriptions/listen', { notifications: { resourceSubscriptions: million } }),
      million,
      keys,
    ].map((body) => () => {
      endpoint.requirementsOf(body);
      endpoint.hintOf(body);
    });
    const base = cpuTime(() => times(200, () => short?.()));
    for (const run of large) {
      expect(cpuTime(run)).toBeLessThan(20 * base);
    }
  });
});

describe('the scope hint for a request without a token', () => {
  it.each([
    ['a message', read(`x://a-b-c-d-e-f/7/g`), ['scope-7']],
    ['a batch of one message', [read(`x://a-b-c-d-e-f/7/g`)], ['scope-7']],
    ['a batch of two messages', times(2, () => read(`x://a-b-c-d-e-f/7/g`)), undefined],
    ['a long URI', read(uri(513)), undefined],
    ['a long method', call('x'.repeat(513), {}), undefined],
    ['many URIs', read(times(5, () => 'x://')), undefined],
    ['a URI that takes long to compare', read(uri(500)), undefined],
  ])('is computed only for one small message: %s', (_, body, expected) => {
    expect(policy.hintOf(body)?.needs.map(({ scopes }) => scopes)).toEqual(expected);
  });
});

describe('an endpoint of many resources', () => {
  it('finds the requirement of the right template among 100 similar templates, for 100 URIs', () => {
    const endpoint = new McpEndpointPolicy({
      resources: Object.fromEntries(
        times(100, (at) => [`note://${at}/{id}/of/{owner}`, `scope-${at}`]),
      ),
    });
    const batch = times(100, () => read('note://7/1/of/ada'));
    expect(endpoint.requirementsOf(batch)?.needs.map(({ scopes }) => scopes)).toEqual(['scope-7']);
  });

  it('computes scopes a bounded number of times, and then denies', () => {
    const endpoint = new McpEndpointPolicy({
      resources: Object.fromEntries(times(10, (at) => [`{+a${at}}`, () => `scope-${at}`])),
    });
    expect(endpoint.requirementsOf(times(50, () => read('x')))?.needs).toHaveLength(500);
    expect(endpoint.requirementsOf(times(51, () => read('x')))).toBeUndefined();
  });
});
