/**
 * Controls (C0, C1, DEL), line separators, and characters of format: bidirectional overrides, zero-width
 * ones, tags. Also halves of a surrogate pair.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Escapes what could end a line, move the cursor of a terminal or reorder the text: a text that comes
 * from outside must read as one line, in the order of its characters.
 *
 * @param maxLength - characters; what goes beyond becomes `…`
 */
export function escaped(text: string, maxLength = Infinity): string {
  const shown = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  return shown.replace(UNPRINTABLE, (character) => {
    const code = character.codePointAt(0)?.toString(16) ?? '';
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
  });
}
