import { decodeProtectedHeader } from 'jose';
import { readUnverified, unlessUnreadable } from './read-unverified.js';

/** The claims that may name the client, in RFC 9068, in OpenID Connect and at Okta. */
const CLIENT = ['client_id', 'azp', 'cid'];
/** The greatest number of characters that are shown of one value. */
const MAX_LENGTH = 300;

/**
 * Describes a JWT for the operator: type, algorithm, issuer, audience, client and scope, and no other
 * claim. **Nothing** of it is verified. Returns `undefined` if the token is not a JWT.
 */
export function describeUnverified(token: string): string | undefined {
  const claims: Record<string, unknown> | undefined = readUnverified(token);
  if (claims === undefined) {
    return undefined;
  }
  const { typ, alg } = unlessUnreadable(() => decodeProtectedHeader(token)) ?? {};
  const isNamed = (name: string) => Object.hasOwn(claims, name);
  const client = CLIENT.filter(isNamed);
  const names = ['iss', 'aud', ...(client.length > 0 ? client : ['client_id']), 'scope'];
  const named = names.map((name) => [name, isNamed(name) ? claims[name] : undefined]);
  return [['typ', typ], ['alg', alg], ...named]
    .map(([name, value]) => `${String(name)} ${displayed(value)}`)
    .join(', ');
}

function displayed(value: unknown): string {
  if (value === undefined) {
    return 'absent';
  }
  const text = JSON.stringify(value);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}
