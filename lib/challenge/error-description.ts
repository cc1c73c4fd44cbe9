/**
 * Writes a text with the characters that `error_description` may have: printable ASCII without `"` and `\`
 * (RFC 6750, section 3). Quotation marks, dashes and backslashes become similar characters. Accents are
 * removed. Any other character becomes a space.
 */
export function errorDescription(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/["\u2018-\u201f]/g, "'")
    .replace(/[\u2010-\u2015]/g, '-')
    .replaceAll('\\', '/')
    .replace(/[^\x20-\x7e]/g, ' ');
}
