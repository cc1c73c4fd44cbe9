/** Returns the first text that occurs twice. Empty texts are skipped: they are reported elsewhere. */
export function firstDuplicate(texts: readonly (string | undefined)[]): string | undefined {
  return texts.find((text, index) => text && texts.indexOf(text) !== index);
}
