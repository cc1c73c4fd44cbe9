/** The length from which a piece of a token is recognized. Shorter pieces tell nothing about the token. */
const LENGTH = 12;
const IN_ITS_PLACE = '[token]';

/**
 * Returns a function that replaces a token, and each piece of at least 12 characters of it, in upper or lower
 * case. A server may send the token back, as a whole or in part.
 */
export function redactor(token: string | undefined): (text: string) => string {
  if (token === undefined) {
    return (text) => text;
  }
  const length = Math.min(LENGTH, token.length);
  const pieces = new Set(piecesOf(lowerCase(token), length));
  return (text) => redacted(text, pieces, length);
}

function redacted(text: string, pieces: ReadonlySet<string>, length: number): string {
  const found = piecesOf(lowerCase(text), length).flatMap((piece, at) =>
    pieces.has(piece) ? at : [],
  );
  let shown = '';
  let end = 0;
  for (const at of found) {
    if (at > end || end === 0) {
      shown += text.slice(end, at) + IN_ITS_PLACE;
    }
    end = at + length;
  }
  return shown + text.slice(end);
}

/** Writes ASCII letters in lower case: tokens are ASCII. Other letters may become longer, and move the text behind them. */
function lowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Returns the pieces of a text, one from each character on. */
function piecesOf(text: string, length: number): string[] {
  return Array.from({ length: Math.max(0, text.length - length + 1) }, (_, at) =>
    text.slice(at, at + length),
  );
}
