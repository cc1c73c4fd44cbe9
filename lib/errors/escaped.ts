/**
 * Matches control characters (C0, C1, DEL), line separators, lone halves of a surrogate pair, and format
 * characters: bidirectional overrides, zero-width characters and tags.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Escapes characters that could end a line, move the cursor of a terminal or reorder the text. A text
 * from outside is then shown as one line, in the order of its characters.
 *
 * @param maxLength - the greatest number of characters of the text before it is escaped; the rest becomes `…`
 */
export function escaped(text: string, maxLength = Infinity): string {
  const shown = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  return shown.replace(UNPRINTABLE, (character) => {
    const code = character.codePointAt(0)?.toString(16) ?? '';
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
  });
}
