/** The greatest number of edits in a misspelling. Names with more edits count as different words. */
const MAX_EDITS = 2;

/** Returns the known name that an unknown one was most likely meant to be. */
export function didYouMean(unknown: string, known: readonly string[]): string | undefined {
  const [closest] = known
    .map((name) => ({ name, distance: editDistance(unknown.toLowerCase(), name.toLowerCase()) }))
    .filter(({ distance }) => distance <= MAX_EDITS)
    .sort((a, b) => a.distance - b.distance);
  return closest?.name;
}

/** Returns the Levenshtein distance between two words. It computes the table row by row. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(a).entries()) {
    let left = i + 1;
    row = row.map((above, j) => {
      if (j > 0) {
        const diagonal = (row[j - 1] ?? 0) + (letter === b[j - 1] ? 0 : 1);
        left = Math.min(diagonal, above + 1, left + 1);
      }
      return left;
    });
  }
  return row[b.length] ?? 0;
}
