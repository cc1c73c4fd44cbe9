import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCalls } from '../../../../lib/mcp/operations/json-rpc.js';
import { McpEndpointPolicy } from '../../../../lib/mcp/mcp-endpoint.js';

const nested = (depth: number) => {
  let value: unknown[] = [];
  for (let level = 0; level < depth; level++) {
    value = [value];
  }
  return value;
};

describe('readCalls', () => {
  it('never throws, and returns only calls with a method and params', () => {
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

  it('returns every call of a batch', () => {
    const message = fc.record({ jsonrpc: fc.constant('2.0'), method: fc.string() });
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 100 }), (batch) => {
        expect(readCalls(batch)).toHaveLength(batch.length);
      }),
    );
  });

  it('does not overflow the stack for deeply nested bodies', () => {
    let body: unknown = {};
    for (let depth = 0; depth < 100_000; depth++) {
      body = { params: body };
    }
    expect(readCalls({ jsonrpc: '2.0', method: 'x', params: { body } })).toHaveLength(1);
    const policy = new McpEndpointPolicy({ tools: { a: 'a' } });
    for (const name of ['name', 'uri', 'ref']) {
      const call = { jsonrpc: '2.0', method: 'x', params: { [name]: nested(100_000) } };
      expect(policy.requirementsOf(call)).toBeUndefined();
    }
  });
});
