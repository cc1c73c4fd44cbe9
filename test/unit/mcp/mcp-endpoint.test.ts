import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { McpEndpointPolicy } from '../../../lib/mcp/mcp-endpoint.js';

describe('McpEndpointPolicy', () => {
  it('does not throw for any body', () => {
    const policy = new McpEndpointPolicy({
      tools: { a: 'a' },
      resources: { 'x://{y}': 'b' },
      defaultDeny: true,
    });
    fc.assert(
      fc.property(fc.anything(), (body) => {
        expect(() => policy.requirementsOf(body)).not.toThrow();
      }),
    );
  });
});
