import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { rewriteResponse } from '../../../../lib/mcp/lists/response-rewriter.js';

const shout = (text: string) => text.replace('quiet', 'LOUD €');

/** Returns the answer that a client gets from a handler whose response is rewritten. */
async function answered(handler: RequestListener, init?: RequestInit) {
  const server = createServer((request, response) => {
    rewriteResponse(response, shout);
    handler(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/`, init);
    const { status, statusText, headers } = answer;
    return { status, statusText, headers, text: await answer.text() };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('a rewritten response', () => {
  const cases: [string, RequestListener][] = [
    ['end', (_, response) => response.end('so quiet')],
    ['end with a hex string', (_, response) => response.end('736f207175696574', 'hex')],
    [
      'chunks without headers',
      (_, response) => {
        response.write('so qui');
        response.write(Buffer.from('et'));
        response.end();
      },
    ],
    [
      'writeHead with a length',
      (_, response) => {
        response.writeHead(200, { 'Content-Length': 8 });
        response.end('so quiet');
      },
    ],
    [
      'writeHead with a reason and a flat list',
      (_, response) => {
        response.writeHead(200, 'Fine', ['Content-Length', '8', 'X-A', '1']).end('so quiet');
      },
    ],
    [
      'flushHeaders',
      (_, response) => {
        response.setHeader('content-length', 8);
        response.flushHeaders();
        response.end('so quiet');
      },
    ],
    [
      'callbacks',
      (_, response) => {
        response.write('so ', () =>
          response.write('quiet', 'utf8', () => response.end(() => undefined)),
        );
      },
    ],
    ['a stream', (_, response) => void Readable.from(['so ', 'quiet']).pipe(response)],
    [
      'an event stream',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream', 'content-length': 16 });
        response.end('data: so quiet\n\n');
      },
    ],
    [
      'an event stream by setHeader',
      (_, response) => {
        response.setHeader('content-type', 'text/event-stream; charset=utf-8');
        response.flushHeaders();
        response.write('data: so quiet\n', () => response.end('\n'));
      },
    ],
  ];

  it.each(cases)('has the changed body, written by %s', async (_, handler) => {
    const { status, text } = await answered(handler);
    expect(status).toBe(200);
    expect(text.replace(/^data: |\n\n$/g, '')).toBe('so LOUD €');
  });

  it('keeps status, reason phrase and other fields, without the old ETag', async () => {
    const { status, statusText, headers, text } = await answered((_, response) => {
      response.setHeader('x-early', 'yes');
      response.setHeader('etag', '"1"');
      response.writeHead(418, 'Teapot', { 'X-A': ['1', '2'] }).end('quiet');
    });
    expect([status, statusText, text]).toEqual([418, 'Teapot', 'LOUD €']);
    expect(headers.get('x-early')).toBe('yes');
    expect(headers.get('x-a')).toBe('1, 2');
    expect(headers.get('etag')).toBeNull();
    expect(headers.get('content-length')).toBe('8');
  });

  it('is not changed if it has no body', async () => {
    const { status, headers } = await answered((_, response) => response.writeHead(204).end());
    expect(status).toBe(204);
    expect(headers.get('content-length')).toBeNull();
  });

  it('keeps its ETag if the body is not changed', async () => {
    const { headers, text } = await answered((_, response) => {
      response.setHeader('etag', '"1"').end('other');
    });
    expect([headers.get('etag'), text]).toEqual(['"1"', 'other']);
  });
});
