/**
 * Adds names to a list of field names, such as the value of `Vary`. Each name occurs once, whatever its case.
 *
 * @param given - the value of the header field, or several values; anything else counts as empty
 */
export function withFieldNames(given: unknown, names: readonly string[]): string {
  const listed = [given]
    .flat(2)
    .flatMap((value) => (typeof value === 'string' ? value.split(',') : []));
  const all = [...listed.map((name) => name.trim()), ...names].filter((name) => name !== '');
  return [...new Map(all.map((name) => [name.toLowerCase(), name])).values()].join(', ');
}
