import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { nodeRequest, nodeResponse } from 'nestjs-mcp-auth';

describe("Node's own request", () => {
  it('of Express is the request itself, whatever a middleware has put on it as "raw"', () => {
    const request = Object.assign(Readable.from([]), { raw: 'a body' });
    expect(nodeRequest(request as unknown as IncomingMessage)).toBe(request);
  });

  it('of Fastify is the one that it wraps', () => {
    const raw = Readable.from([]) as unknown as IncomingMessage;
    expect(nodeRequest({ raw })).toBe(raw);
  });
});

describe("Node's own response", () => {
  it('of Express is the response itself', () => {
    const response = { setHeader: () => undefined } as unknown as ServerResponse;
    expect(nodeResponse(response)).toBe(response);
  });

  it('of Fastify is hijacked, and has the header fields that Fastify kept', () => {
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
