import { inspect } from 'node:util';
import { withoutCredentials } from '../../url/without-credentials.js';

/**
 * Beneath such a name may stand a secret, right or wrong: of the options, or as people misspell them. In
 * place of a store people give the URL of one.
 */
const CONFIDENTIAL = /introspect|secret|private_?key|password|credential|^store\b/i;

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
  const shown = withoutCredentials(text);
  return shown.length > 120 ? `${shown.slice(0, 120)}…` : shown;
}
