import type { Effort } from './effort.js';

/** A wildcard in a pattern. With `anything` it also matches `/`, and with `orNone` also the empty text. */
export interface Wildcard {
  readonly anything: boolean;
  readonly orNone: boolean;
}

export const SEGMENT: Wildcard = { anything: false, orNone: false };
export const ANYTHING: Wildcard = { anything: true, orNone: false };
export const ANYTHING_OR_NONE: Wildcard = { anything: true, orNone: true };

type Parts = readonly (string | Wildcard)[];

/** The longest text that is compared. A longer text counts as a match. */
export const MAX_LENGTH = 2048;

/** The effort to compare the ends of one pattern, and one character of a text with one part. */
const ENDS = 20;
const STEP = 3;

/** A text without differences of case, as patterns compare it. */
export interface FoldedText {
  readonly text: string;
  /** `true` if the text is not compared. It then counts as a match. */
  readonly isTooLong: boolean;
}

/** Folds a text once, for any number of patterns. */
export function foldText(text: string): FoldedText {
  const isTooLong = text.length > MAX_LENGTH;
  return { text: isTooLong ? '' : fold(text), isTooLong };
}

/**
 * A pattern of literal texts and wildcards that ignores case. It matches in time proportional to the length
 * of the text. A regular expression with several wildcards could take much longer, and the client chooses the
 * text.
 */
export class TextPattern {
  private readonly parts: Parts;
  private readonly start: string;
  private readonly end: string;

  constructor(parts: Parts) {
    this.parts = parts
      .filter((part) => part !== '')
      .map((part) => (typeof part === 'string' ? fold(part) : part));
    this.start = literal(this.parts.at(0));
    this.end = literal(this.parts.at(-1));
  }

  /** Returns `true` if a text matches, or if no effort is left. */
  matches({ text, isTooLong }: FoldedText, effort: Effort): boolean {
    if (isTooLong || !effort.spend(ENDS)) {
      return true;
    }
    // Most patterns differ from a text at one of its ends.
    if (!text.startsWith(this.start) || !text.endsWith(this.end)) {
      return false;
    }
    return !effort.spend(STEP * text.length * this.parts.length) || matches(this.parts, text);
  }
}

function literal(part: string | Wildcard | undefined): string {
  return typeof part === 'string' ? part : '';
}

/**
 * Folds the case of a text at least as far as a case-insensitive regular expression does. A final sigma
 * (ς) becomes a plain one (σ), because a part of a pattern may end within a word of the text.
 */
function fold(text: string): string {
  return text.toUpperCase().toLowerCase().replaceAll('\u03c2', '\u03c3');
}

function matches(parts: Parts, text: string): boolean {
  let reached = new Uint8Array(text.length + 1);
  reached[0] = 1;
  for (const part of parts) {
    reached =
      typeof part === 'string'
        ? afterText(reached, part, text)
        : afterWildcard(reached, part, text);
  }
  return reached[text.length] === 1;
}

/** Returns the positions after a literal part, from the positions before it. */
function afterText(reached: Uint8Array, part: string, text: string): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(reached.length);
  const first = part.charCodeAt(0);
  for (let at = 0; at + part.length <= text.length; at++) {
    if (reached[at] === 1 && text.charCodeAt(at) === first && text.startsWith(part, at)) {
      next[at + part.length] = 1;
    }
  }
  return next;
}

function afterWildcard(
  reached: Uint8Array,
  { anything, orNone }: Wildcard,
  text: string,
): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(reached.length);
  let open = false;
  for (let at = 0; at <= text.length; at++) {
    const isStart = reached[at] === 1;
    next[at] = open || (orNone && isStart) ? 1 : 0;
    open = (open || isStart) && (anything || text[at] !== '/');
  }
  return next;
}
