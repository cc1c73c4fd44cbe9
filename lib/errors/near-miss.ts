/** The small differences that are usually a mistake, the smallest first. */
const WAYS: readonly [difference: string, undo: (text: string) => string][] = [
  ['in case only', (text) => text.toLowerCase()],
  ['by a slash at the end', (text) => text.replace(/\/$/, '')],
  ['in http: or https: only', (text) => text.replace(/^http:/i, 'https:')],
  ['by space at the start or the end', (text) => text.trim()],
];

/**
 * Describes the difference between the received and the expected value, if it is small. It tries each
 * difference alone, and then all differences together.
 */
export function nearMiss(
  expected: readonly string[],
  received: readonly string[],
): string | undefined {
  const single = WAYS.find(([, undo]) => meets(expected, received, undo));
  if (single !== undefined) {
    return `The values differ ${single[0]}.`;
  }
  const undoAll = (text: string) => WAYS.reduceRight((left, [, undo]) => undo(left), text);
  return meets(expected, received, undoAll)
    ? 'The values differ by slash, case, scheme or space only.'
    : undefined;
}

function meets(
  expected: readonly string[],
  received: readonly string[],
  undo: (text: string) => string,
): boolean {
  const accepted = expected.map(undo);
  return received.some((one) => !expected.includes(one) && accepted.includes(undo(one)));
}
