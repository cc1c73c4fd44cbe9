/** Stands for characters of a text: any, or any but `/`; at least one, or also none. */
export interface Wildcard {
  readonly anything: boolean;
  readonly orNone: boolean;
}

export const SEGMENT: Wildcard = { anything: false, orNone: false };
export const ANYTHING: Wildcard = { anything: true, orNone: false };
export const ANYTHING_OR_NONE: Wildcard = { anything: true, orNone: true };

/** As long as a text may be to be looked at: a longer one is taken to match. */
const MAX_LENGTH = 2048;

/**
 * Matches a text, without regard to case, in time proportional to its length: a regular expression of
 * several wildcards would try them all against each other, and a stranger chooses the text.
 */
export function patternMatcher(parts: readonly (string | Wildcard)[]): (text: string) => boolean {
  const folded = parts.map((part) => (typeof part === 'string' ? fold(part) : part));
  return (text) => text.length > MAX_LENGTH || matches(folded, fold(text));
}

/** As the case-insensitive matching of any regular expression has it, or more generously. */
function fold(text: string): string {
  return text.toUpperCase().toLowerCase();
}

function matches(parts: readonly (string | Wildcard)[], text: string): boolean {
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

/** The places that can be reached from those given by one part more. */
function afterText(reached: Uint8Array, part: string, text: string): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(reached.length);
  for (let at = 0; at + part.length <= text.length; at++) {
    if (reached[at] === 1 && text.startsWith(part, at)) {
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
