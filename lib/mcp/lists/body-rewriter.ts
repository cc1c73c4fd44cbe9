import type { RewriteText } from './list-filter.js';

/** Rewrites a body that comes in pieces. */
export interface BodyRewriter {
  /** What can be sent now. */
  push(chunk: Buffer): Buffer;
  /** What is left to be sent. */
  end(): Buffer;
  /** How many bytes are held back. */
  readonly held: number;
}

/** One JSON text: it is held back until it is whole. */
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

/** A blank line. The second half of a CR LF that a chunk ends in the middle of begins the next event. */
const END_OF_EVENT = /(?:\r\n|\n|\r(?!\n)){2}/g;
/** As many characters of its end may be those of the beginning of a blank line. */
const OVERLAP = 3;
const LINE_BREAK = /\r\n|\n|\r/;
const DATA = /^data(?:: ?|$)/;

/**
 * An event stream, event by event (WHATWG HTML, "Server-sent events"). Bytes are looked at as Latin-1,
 * which has a character for each, so that what is not rewritten stays as it is, byte for byte.
 */
export class EventStreamRewriter implements BodyRewriter {
  /** The event that is not whole, in pieces: each character is looked at once, however many there are. */
  private pending: string[] = [];
  /** The end of what came last, which the next piece may continue. */
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
