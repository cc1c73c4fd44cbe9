import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  EventStreamRewriter,
  JsonBodyRewriter,
  type BodyRewriter,
} from '../../../../lib/mcp/lists/body-rewriter.js';
import { growthOf, LINEAR } from '../../../support/cpu-time.js';

/** Cuts a body into pieces at any positions. */
const pieces = (body: Buffer, cuts: number[]) => {
  const at = [0, ...cuts.map((cut) => cut % (body.length + 1)), body.length].sort((a, b) => a - b);
  return at.slice(1).map((end, index) => body.subarray(at[index], end));
};

const rewritten = (body: BodyRewriter, chunks: Buffer[]) =>
  Buffer.concat([...chunks.map((chunk) => body.push(chunk)), body.end()]);
const shout = (text: string) => text.replace('quiet', 'LOUD €');

describe('a body rewriter', () => {
  const lineBreak = fc.constantFrom('\n', '\r\n', '\r');
  const line = fc.constantFrom('data: quiet €', 'data:{"a":1}', 'data', 'id: 1', ': c', 'x');
  const event = fc
    .tuple(fc.array(line, { minLength: 1, maxLength: 4 }), lineBreak)
    .map(([lines, end]) => `${lines.join(end)}${end}${end}`);
  const stream = fc.array(event).map((events) => Buffer.from(events.join('')));
  const cuts = fc.array(fc.nat(), { maxLength: 8 });

  it('passes all bytes through if the text is not changed', () => {
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

  it('gives the same result however the body is cut into chunks', () => {
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

  it('reads each character of an event once, however many chunks the event has', () => {
    const pieceOf = Buffer.alloc(1000, 'x');
    const event = (length: number) => () =>
      rewritten(
        new EventStreamRewriter((text) => text),
        Array.from({ length }, () => pieceOf),
      );
    expect(growthOf(50, event)).toBeLessThan(LINEAR);
  });

  it('changes only the data of the events in an event stream', () => {
    const body = Buffer.from('id: 1\ndata: so\ndata: quiet\n\n: ping\n\ndata: other\n\n');
    expect(rewritten(new EventStreamRewriter(shout), pieces(body, [3, 20, 29])).toString()).toBe(
      'id: 1\ndata: so\nLOUD €\n\n: ping\n\ndata: other\n\n',
    );
  });
});
