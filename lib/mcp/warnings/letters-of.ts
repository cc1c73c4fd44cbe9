/**
 * Returns the letters and digits of a name, in lower case. The result is the same for names that are easily confused,
 * such as `addNote`, `add_note` and `add-note`.
 */
export function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
