import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EventStreamRewriter, JsonBodyRewriter } from '../../lib/mcp/lists/body-rewriter.js';
import { rewriteResponse } from '../../lib/mcp/lists/response-rewriter.js';
import { anyText, jsonWith, nearly } from './arbitraries.js';

const unchanged = (text: string) => text;
/** Replaces `secret` in JSON, as filters change lists. Returns a text that is not JSON unchanged. */
const redact = (text: string) => {
  try {
    const value: unknown = JSON.parse(text);
    return text.includes('secret') ? JSON.stringify(value).replaceAll('secret', 'redacted') : text;
  } catch {
    return text;
  }
};

const json = jsonWith(['result', 'tools', 'id'], ['secret', 'é😀', 1]).map((value) =>
  JSON.stringify(value),
);
const lineBreak = fc.constantFrom('\n', '\r\n', '\r');
const line = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom('data: ', 'data:', 'data:  '), json) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('id: ', 'event: ', ':', 'retry: ', ''), anyText),
  },
  { weight: 1, arbitrary: fc.constant(['data', '']) },
);
const event = fc
  .tuple(fc.array(fc.tuple(line, lineBreak), { maxLength: 4 }), lineBreak)
  .map(
    ([lines, last]) =>
      lines.flatMap(([[field, value], end]) => [field, value, end]).join('') + last,
  );
const stream = fc.array(event, { maxLength: 5 }).map((events) => events.join(''));
const bytes = fc.oneof(
  { weight: 4, arbitrary: stream.map((text) => Buffer.from(text)) },
  { weight: 2, arbitrary: nearly(stream).map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array)) },
);
const cuts = fc.array(fc.nat(), { maxLength: 8 });

/** Cuts bytes into pieces at these positions. */
function pieces(whole: Buffer, at: readonly number[]): Buffer[] {
  const places = [0, ...at.map((place) => place % (whole.length + 1)), whole.length];
  places.sort((a, b) => a - b);
  return places.slice(1).map((end, index) => whole.subarray(places[index], end));
}

/** Returns the events that a browser reads from an event stream (WHATWG HTML, "Server-sent events"). */
function eventsOf(text: string): Record<string, string>[] {
  const events: Record<string, string>[] = [];
  let current: Record<string, string> = {};
  let data: string[] = [];
  // An event counts only if a blank line ends it.
  for (const one of text.split(/\r\n|\n|\r/)) {
    const [, field = one, value = ''] = /^([^:]*):? ?([^]*)$/.exec(one) ?? [];
    if (one === '') {
      if (data.length > 0) {
        events.push({ ...current, data: data.join('\n') });
      }
      [current, data] = [{}, []];
    } else if (field === 'data') {
      data.push(value);
    } else if (field !== '') {
      current[field] = value;
    }
  }
  return events;
}

describe.each([
  ['an event stream', EventStreamRewriter],
  ['a JSON body', JsonBodyRewriter],
])('%s', (_, Rewriter) => {
  const rewritten = (chunks: Buffer[], rewrite: (text: string) => string) => {
    const rewriter = new Rewriter(rewrite);
    return Buffer.concat([...chunks.map((chunk) => rewriter.push(chunk)), rewriter.end()]);
  };

  it('that needs no change is passed through byte for byte, in any chunks', () => {
    fc.assert(
      fc.property(bytes, cuts, (body, at) => {
        expect(rewritten(pieces(body, at), unchanged)).toEqual(body);
      }),
    );
  });

  it('is changed in the same way in any chunks', () => {
    fc.assert(
      fc.property(bytes, cuts, (body, at) => {
        expect(rewritten(pieces(body, at), redact)).toEqual(rewritten([body], redact));
      }),
    );
  });
});

describe('an event stream', () => {
  it('keeps all events, and changes only their data', () => {
    fc.assert(
      fc.property(stream, cuts, (text, at) => {
        const rewriter = new EventStreamRewriter(redact);
        const chunks = pieces(Buffer.from(text), at).map((chunk) => rewriter.push(chunk));
        const found = eventsOf(Buffer.concat([...chunks, rewriter.end()]).toString());
        const sent = Buffer.from(text).toString();
        const expected = eventsOf(sent).map((one) => ({ ...one, data: redact(one.data ?? '') }));
        expect(found).toEqual(expected);
      }),
    );
  });
});

describe('a response', () => {
  const server = createServer((_, response) => answer(response));
  let answer: (response: ServerResponse) => void;
  let url: string;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  /** The ways of Node to write a response. */
  const way = fc.record({
    writeHead: fc.boolean(),
    flush: fc.boolean(),
    asText: fc.boolean(),
    endsWithChunk: fc.boolean(),
    length: fc.boolean(),
    type: fc.constantFrom(
      'application/json',
      'text/event-stream',
      'text/event-stream; charset=utf-8',
    ),
  });

  it('arrives with the same status and body as without rewriting, however it is written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(stream, json), cuts, way, async (text, at, how) => {
        const body = Buffer.from(text);
        const isStream = how.type.startsWith('text/event-stream');
        answer = (response) => {
          rewriteResponse(response, unchanged);
          const headers = {
            'Content-Type': how.type,
            ...(how.length && { 'Content-Length': String(body.length) }),
          };
          if (how.writeHead) {
            response.writeHead(201, headers);
          } else {
            response.statusCode = 201;
            response.setHeaders(new Map(Object.entries(headers)));
          }
          if (how.flush) {
            response.flushHeaders();
          }
          const chunks = how.asText ? [text] : pieces(body, at);
          const last = how.endsWithChunk ? chunks.pop() : undefined;
          chunks.forEach((chunk) => response.write(chunk));
          if (last === undefined) {
            response.end();
          } else {
            response.end(last);
          }
        };
        const received = await fetch(url);
        expect([received.status, received.headers.get('content-type')]).toEqual([201, how.type]);
        expect(Buffer.from(await received.arrayBuffer())).toEqual(body);
        if (isStream) {
          expect(received.headers.get('content-length')).toBeNull();
        }
      }),
    );
  });
});
