/** Returns the letters and digits of a name: `addNote`, `add_note` and `add-note` are easily confused. */
export function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
