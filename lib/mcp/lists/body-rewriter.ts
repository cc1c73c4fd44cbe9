import type { RewriteText } from './list-filter.js';

/** A rewriter of a body that arrives in pieces. */
export interface BodyRewriter {
  /** Returns the bytes that can be sent now. */
  push(chunk: Buffer): Buffer;
  /** Returns the bytes that are left to send. */
  end(): Buffer;
  /** The number of bytes that are held back. */
  readonly held: number;
}

/** A rewriter of one JSON text, which is held back until it is complete. */
export class JsonBodyRewriter implements BodyRewriter {
  held = 0;
  private readonly chunks: Buffer[] = [];

  constructor(private readonly rewrite: RewriteText) {}

  push(chunk: Buffer): Buffer {
    this.chunks.push(chunk);
    this.held += chunk.length;
    return Buffer.alloc(0);
  }

  end(): Buffer {
    const body = Buffer.concat(this.chunks);
    const text = body.toString();
    const rewritten = this.rewrite(text);
    return rewritten === text ? body : Buffer.from(rewritten);
  }
}

/** A blank line. If a chunk ends between CR and LF, the LF begins the next event. */
const END_OF_EVENT = /(?:\r\n|\n|\r(?!\n)){2}/g;
/** The number of characters at the end that may be the start of a blank line. */
const OVERLAP = 3;
const LINE_BREAK = /\r\n|\n|\r/;
const DATA = /^data(?:: ?|$)/;

/**
 * A rewriter of an event stream, event by event (WHATWG HTML, "Server-sent events"). It reads bytes as
 * Latin-1, which has a character for each byte, so text that is not rewritten stays the same, byte for byte.
 */
export class EventStreamRewriter implements BodyRewriter {
  /** The incomplete event, in pieces. They are joined once, so that many small pieces cost no extra time. */
  private pending: string[] = [];
  /** The end of the last piece. The next piece may continue it. */
  private last = '';
  private length = 0;

  constructor(private readonly rewrite: RewriteText) {}

  get held(): number {
    return this.length + this.last.length;
  }

  push(chunk: Buffer): Buffer {
    const text = this.last + chunk.toString('latin1');
    let events = '';
    let start = 0;
    for (const end of text.matchAll(END_OF_EVENT)) {
      const next = end.index + end[0].length;
      events += this.rewriteEvent(this.take(text.slice(start, next)));
      start = next;
    }
    this.hold(text.slice(start));
    return Buffer.from(events, 'latin1');
  }

  end(): Buffer {
    return Buffer.from(this.rewriteEvent(this.take(this.last)), 'latin1');
  }

  private hold(text: string): void {
    const whole = text.slice(0, -OVERLAP);
    this.pending.push(whole);
    this.length += whole.length;
    this.last = text.slice(-OVERLAP);
  }

  private take(rest: string): string {
    const event = this.pending.join('') + rest;
    [this.pending, this.length] = [[], 0];
    return event;
  }

  private rewriteEvent(event: string): string {
    const lines = event.split(LINE_BREAK);
    const data = lines.filter((line) => DATA.test(line)).map((line) => line.replace(DATA, ''));
    const text = Buffer.from(data.join('\n'), 'latin1').toString();
    const rewritten = this.rewrite(text);
    if (rewritten === text) {
      return event;
    }
    const others = lines.filter((line) => line !== '' && !DATA.test(line));
    const line = `data: ${Buffer.from(rewritten).toString('latin1')}`;
    return [...others, line, '', ''].join('\n');
  }
}
