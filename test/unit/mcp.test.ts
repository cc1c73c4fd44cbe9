import { describe, expect, it } from '@jest/globals';
import { UriTemplate } from '@modelcontextprotocol/server';
import fc from 'fast-check';
import { readCalls } from '../../lib/mcp/operations/json-rpc.js';
import { McpEndpointPolicy } from '../../lib/mcp/mcp-endpoint.js';
import { uriForms } from '../../lib/mcp/operations/uri-template.js';
import { uriTemplateMatcher } from '../support/mcp/matchers.js';

const nested = (depth: number) => {
  let value: unknown[] = [];
  for (let level = 0; level < depth; level++) {
    value = [value];
  }
  return value;
};

describe('readCalls', () => {
  it('never throws, and gives only calls with a method and params', () => {
    fc.assert(
      fc.property(fc.anything(), (body) => {
        const calls = readCalls(body) ?? [];
        expect(
          calls.every(
            ({ method, params }) => typeof method === 'string' && typeof params === 'object',
          ),
        ).toBe(true);
      }),
    );
  });

  it('gives every call of a batch', () => {
    const message = fc.record({ jsonrpc: fc.constant('2.0'), method: fc.string() });
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 100 }), (batch) => {
        expect(readCalls(batch)).toHaveLength(batch.length);
      }),
    );
  });

  it('is not brought down by depth', () => {
    let body: unknown = {};
    for (let depth = 0; depth < 100_000; depth++) {
      body = { params: body };
    }
    expect(readCalls({ jsonrpc: '2.0', method: 'x', params: { body } })).toHaveLength(1);
    const policy = new McpEndpointPolicy({ tools: { a: 'a' } });
    for (const name of ['name', 'uri', 'ref']) {
      const call = { jsonrpc: '2.0', method: 'x', params: { [name]: nested(100_000) } };
      expect(policy.demandOf(call)).toBeUndefined();
    }
  });
});

describe('uriTemplateMatcher', () => {
  const templates = [
    'todo://{id}',
    'todo://{id}/notes/{note}',
    'file:///{+path}',
    'x://a{/b}',
    'x://a{?q}',
    'x://a{?q,r}',
    'x://a{#f}',
    'x://a{.ext}',
    'x://{a}-{b}',
    'x://a.b+c/{d}',
  ];

  it.each(templates)('matches whatever the SDK matches with %s', (template) => {
    const sdk = new UriTemplate(template);
    const matches = uriTemplateMatcher(template);
    const part = fc.oneof(
      fc.string({ minLength: 1, maxLength: 8 }),
      fc.constantFrom('1?', '1#f', 'a?b', '?', '#', '.', 'é'),
    );
    const variables = fc.record({
      id: part,
      note: part,
      path: part,
      a: part,
      b: part,
      d: part,
      f: part,
      q: part,
      r: part,
      ext: part,
    });
    fc.assert(
      fc.property(
        fc.oneof(
          variables.map((values) => sdk.expand(values)),
          fc.webUrl(),
          fc.string(),
        ),
        (uri) => {
          return sdk.match(uri) === null || matches(uri);
        },
      ),
    );
    expect(matches('other://thing')).toBe(false);
  });

  it('ends with a URI that would keep a backtracking matcher busy for ever', () => {
    const matches = uriTemplateMatcher('log://{a}-{b}-{c}-{d}-{e}.{+f}{?g}');
    expect(matches(`log://${'-'.repeat(2000)}/`)).toBe(false);
  });

  it('takes a URI too long to be looked at for one of its own', () => {
    expect(uriTemplateMatcher('todo://{id}')('x'.repeat(10_000))).toBe(true);
  });
});

describe('uriForms', () => {
  it('is the URI as sent and as a server normalizes it', () => {
    expect(uriForms('TODO://A/../b')).toEqual(['TODO://A/../b', 'todo://A/b']);
    expect(uriForms('no uri')).toEqual(['no uri']);
  });

  it('are the same once the engine has optimized how a URL is parsed', () => {
    const missed = Array.from({ length: 20_000 }, () => uriForms('https://caf\u00e9.example/'));
    expect(missed.filter((forms) => forms[1] !== 'https://xn--caf-dma.example/')).toEqual([]);
  });
});

describe('McpEndpointPolicy', () => {
  it('understands or refuses any body', () => {
    const policy = new McpEndpointPolicy({
      tools: { a: 'a' },
      resources: { 'x://{y}': 'b' },
      defaultDeny: true,
    });
    fc.assert(
      fc.property(fc.anything(), (body) => {
        expect(() => policy.demandOf(body)).not.toThrow();
      }),
    );
  });
});
