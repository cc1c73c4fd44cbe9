import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  EventStreamRewriter,
  JsonBodyRewriter,
  type BodyRewriter,
} from '../../lib/mcp/lists/body-rewriter.js';
import { isCallable } from '../../lib/mcp/callable.js';
import { listCallIds, listRewriter } from '../../lib/mcp/lists/list-filter.js';
import { McpEndpointPolicy } from '../../lib/mcp/mcp-endpoint.js';
import type { McpEndpointOptions } from '../../lib/mcp/mcp-endpoint.options.js';
import { rewriteResponse } from '../../lib/mcp/lists/response-rewriter.js';
import { exampleUri } from '../../lib/mcp/operations/uri-template.js';
import { isSatisfied } from '../../lib/scope/scope-requirement.js';
import { growthOf, LINEAR } from '../support/cpu-time.js';
import { uriTemplateMatcher } from '../support/mcp/matchers.js';

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
  it('holds what would not be refused, and nothing else', () => {
    fc.assert(
      fc.property(tools, granted, fc.boolean(), (options, scopes, defaultDeny) => {
        const policy = new McpEndpointPolicy({ tools: options, defaultDeny });
        const text = response({ tools: NAMES.map((name) => ({ name })) });
        const { result } = JSON.parse(listRewriter(policy, new Set(scopes))(text)) as {
          result: { tools: { name: string }[] };
        };
        const lets = NAMES.filter((name) => {
          const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name } };
          const demand = policy.demandOf(body);
          const needs = (demand?.needs ?? []).map((need) => need.scopes as string);
          return demand?.isDenied === false && isSatisfied(needs, new Set(scopes));
        });
        expect(result.tools.map(({ name }) => name)).toEqual(lets);
      }),
    );
  });

  it('never loses an entry to another scope', () => {
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

  it('regards what the method needs', () => {
    const text = response({ tools: [{ name: 'x' }], prompts: [{ name: 'y' }] });
    const filtered = rewriter({ methods: { 'tools/call': 'a' } })(text);
    expect(JSON.parse(filtered)).toMatchObject({ result: { tools: [], prompts: [{ name: 'y' }] } });
  });

  it('keeps what has no name, and what is computed', () => {
    const text = response({ tools: [{}, null, 1, { name: 7 }, { name: 'x' }] });
    expect(rewriter({ tools: { x: () => 'a' }, defaultDeny: true })(text)).toBe(text);
  });

  it.each([
    ['an error', '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}'],
    ['another id', ' {"id": 2, "result": {"tools": [{"name": "x"}]}}'],
    ['the id as a string', '{"id":"1","result":{"tools":[{"name":"x"}]}}'],
    ['a notification', '{"jsonrpc":"2.0","method":"x","params":{"tools":[{"name":"x"}]}}'],
    ['no list', '{"id":1,"result":{"tools":{"name":"x"}}}'],
    ['no JSON', '{"id":1,'],
    ['nothing', ''],
    ['a number', '1'],
  ])('is none: %s', (_, text) => {
    expect(rewriter({ tools: { x: 'a' } }, [], [1])(text)).toBe(text);
  });

  it('of resources goes by the URI, and of templates by what they stand for', () => {
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

  it('is asked for by its ids', () => {
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

describe('the example of a template', () => {
  it.each([
    'todo://{id}',
    'file:///{+path}',
    'x://a{/b}{?c,d}{&e}{#f}',
    'x://a{.b}/{c}',
    'plain://uri',
  ])('is a URI of %s', (template) => {
    expect(uriTemplateMatcher(template)(exampleUri(template))).toBe(true);
  });
});

/** Cuts a body into pieces, anywhere. */
const pieces = (body: Buffer, cuts: number[]) => {
  const at = [0, ...cuts.map((cut) => cut % (body.length + 1)), body.length].sort((a, b) => a - b);
  return at.slice(1).map((end, index) => body.subarray(at[index], end));
};
const rewritten = (body: BodyRewriter, chunks: Buffer[]) =>
  Buffer.concat([...chunks.map((chunk) => body.push(chunk)), body.end()]);
const shout = (text: string) => text.replace('quiet', 'LOUD €');

describe('a body in pieces', () => {
  const lineBreak = fc.constantFrom('\n', '\r\n', '\r');
  const line = fc.constantFrom('data: quiet €', 'data:{"a":1}', 'data', 'id: 1', ': c', 'x');
  const event = fc
    .tuple(fc.array(line, { minLength: 1, maxLength: 4 }), lineBreak)
    .map(([lines, end]) => `${lines.join(end)}${end}${end}`);
  const stream = fc.array(event).map((events) => Buffer.from(events.join('')));
  const cuts = fc.array(fc.nat(), { maxLength: 8 });

  it('is the same bytes where nothing is rewritten', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          stream,
          fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        ),
        cuts,
        (body, at) => {
          const same = (text: string) => text;
          expect(rewritten(new EventStreamRewriter(same), pieces(body, at))).toEqual(body);
          expect(rewritten(new JsonBodyRewriter(same), pieces(body, at))).toEqual(body);
        },
      ),
    );
  });

  it('is rewritten alike however it is cut', () => {
    fc.assert(
      fc.property(stream, cuts, (body, at) => {
        const events = (buffer: Buffer) =>
          buffer.toString().replaceAll('\r\n', '\n').replaceAll('\r', '\n');
        const whole = events(rewritten(new EventStreamRewriter(shout), [body]));
        const parts = events(rewritten(new EventStreamRewriter(shout), pieces(body, at)));
        expect(parts.replace(/\n+/g, '\n')).toBe(whole.replace(/\n+/g, '\n'));
      }),
    );
  });

  it('of events looks at each character once, however many pieces an event has', () => {
    const pieceOf = Buffer.alloc(1000, 'x');
    const event = (length: number) => () =>
      rewritten(
        new EventStreamRewriter((text) => text),
        Array.from({ length }, () => pieceOf),
      );
    expect(growthOf(50, event)).toBeLessThan(LINEAR);
  });

  it('of events rewrites the data, and leaves the rest', () => {
    const body = Buffer.from('id: 1\ndata: so\ndata: quiet\n\n: ping\n\ndata: other\n\n');
    expect(rewritten(new EventStreamRewriter(shout), pieces(body, [3, 20, 29])).toString()).toBe(
      'id: 1\ndata: so\nLOUD €\n\n: ping\n\ndata: other\n\n',
    );
  });
});

/** What a client gets from a handler whose response is rewritten. */
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
    ['a string in another encoding', (_, response) => response.end('736f207175696574', 'hex')],
    [
      'no header and pieces',
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

  it.each(cases)('by %s', async (_, handler) => {
    const { status, text } = await answered(handler);
    expect(status).toBe(200);
    expect(text.replace(/^data: |\n\n$/g, '')).toBe('so LOUD €');
  });

  it('keeps status, reason and other fields', async () => {
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

  it('leaves an answer without a body alone', async () => {
    const { status, headers } = await answered((_, response) => response.writeHead(204).end());
    expect(status).toBe(204);
    expect(headers.get('content-length')).toBeNull();
  });

  it('keeps the tag of a body that stays', async () => {
    const { headers, text } = await answered((_, response) => {
      response.setHeader('etag', '"1"').end('other');
    });
    expect([headers.get('etag'), text]).toEqual(['"1"', 'other']);
  });
});
