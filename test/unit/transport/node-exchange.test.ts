import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { nodeRequest, nodeResponse } from 'nestjs-mcp-auth';

describe('nodeRequest()', () => {
  it('returns the request of Express itself, even if a middleware sets a property "raw"', () => {
    const request = Object.assign(Readable.from([]), { raw: 'a body' });
    expect(nodeRequest(request as unknown as IncomingMessage)).toBe(request);
  });

  it('returns the raw request of Fastify', () => {
    const raw = Readable.from([]) as unknown as IncomingMessage;
    expect(nodeRequest({ raw })).toBe(raw);
  });
});

describe('nodeResponse()', () => {
  it('returns the response of Express itself', () => {
    const response = { setHeader: () => undefined } as unknown as ServerResponse;
    expect(nodeResponse(response)).toBe(response);
  });

  it('hijacks the reply of Fastify, and copies its header fields to the raw response', () => {
    const set: unknown[] = [];
    const raw = { setHeader: (...field: unknown[]) => set.push(field) };
    let hijacked = 0;
    const reply = {
      raw: raw as unknown as ServerResponse,
      getHeaders: () => ({ vary: 'origin', 'set-cookie': ['a', 'b'], gone: undefined }),
      hijack: () => ++hijacked,
    };
    expect(nodeResponse(reply)).toBe(raw);
    expect(hijacked).toBe(1);
    expect(set).toEqual([
      ['vary', 'origin'],
      ['set-cookie', ['a', 'b']],
    ]);
  });
});
