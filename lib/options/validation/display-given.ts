import { inspect } from 'node:util';
import { withoutCredentials } from '../../url/without-credentials.js';

/**
 * Matches names, also misspelt ones, whose value may be a secret. `store` is one of them, because a user may
 * give the URL of a store by mistake, with credentials in it.
 */
const CONFIDENTIAL =
  /introspect|secret|private_?key|password|passphrase|credential|bearer_?to|token$|client_?auth|^store\b|(?:^|\.)(?:jwks|key)$/i;

/** Returns the given value for a message, or an empty text if it has nested options or may be a secret. */
export function displayGiven(path: string, value: unknown): string {
  return isNested(value) || CONFIDENTIAL.test(path) || holdsKey(value)
    ? ''
    : ` (given: ${display(value)})`;
}

/**
 * Returns `true` for a value with a confidential member, or with nested options. The message about nested
 * options already names the wrong part.
 */
function isNested(value: unknown): boolean {
  const members = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return members.some(
    ([name, member]) => CONFIDENTIAL.test(name) || (typeof member === 'object' && member !== null),
  );
}

/** Returns `true` if a value or one of its members is a private key in PEM, whatever its name is. */
function holdsKey(value: unknown): boolean {
  const members: unknown[] =
    typeof value === 'object' && value !== null ? Object.values(value) : [];
  return [value, ...members].some(
    (text) =>
      (typeof text === 'string' || Buffer.isBuffer(text)) &&
      String(text).includes('PRIVATE KEY-----'),
  );
}

function display(value: unknown): string {
  const isSettings = typeof value === 'object' && value !== null && !Array.isArray(value);
  const given = isSettings ? { ...value } : value;
  const text = given === undefined ? 'nothing' : inspect(given, { breakLength: Infinity });
  const shown = withoutCredentials(text);
  return shown.length > 120 ? `${shown.slice(0, 120)}…` : shown;
}
