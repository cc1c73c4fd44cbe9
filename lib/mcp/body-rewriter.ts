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
const END_OF_EVENT = /(?:\r\n|\n|\r(?!\n)){2}/;
const LINE_BREAK = /\r\n|\n|\r/;
const DATA = /^data(?:: ?|$)/;

/**
 * An event stream, event by event (WHATWG HTML, "Server-sent events"). Bytes are looked at as Latin-1,
 * which has a character for each, so that what is not rewritten stays as it is, byte for byte.
 */
export class EventStreamRewriter implements BodyRewriter {
  private pending = '';

  constructor(private readonly rewrite: RewriteText) {}

  get held(): number {
    return this.pending.length;
  }

  push(chunk: Buffer): Buffer {
    this.pending += chunk.toString('latin1');
    let events = '';
    for (let end = END_OF_EVENT.exec(this.pending); end; end = END_OF_EVENT.exec(this.pending)) {
      const length = end.index + end[0].length;
      events += this.rewriteEvent(this.pending.slice(0, length));
      this.pending = this.pending.slice(length);
    }
    return Buffer.from(events, 'latin1');
  }

  end(): Buffer {
    return Buffer.from(this.rewriteEvent(this.pending), 'latin1');
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
