import { inspect } from 'node:util';

/** Beneath such a name may stand a secret, right or wrong: of the options, or as people misspell them. */
const CONFIDENTIAL = /introspect|secret|privatekey|password|credential/i;

/** What was given, for a message about it; nothing where it is long, or not to be shown. */
export function displayGiven(path: string, value: unknown): string {
  return isNested(value) || CONFIDENTIAL.test(path) ? '' : ` (given: ${display(value)})`;
}

/** A message about options within options names what it is about itself. */
function isNested(value: unknown): boolean {
  const members = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return members.some(
    ([name, member]) => CONFIDENTIAL.test(name) || (typeof member === 'object' && member !== null),
  );
}

function display(value: unknown): string {
  const isSettings = typeof value === 'object' && value !== null && !Array.isArray(value);
  const given = isSettings ? { ...value } : value;
  const text = given === undefined ? 'nothing' : inspect(given, { breakLength: Infinity });
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
