import { randomUUID } from 'node:crypto';
import { USERS } from '../settings.js';
import type { Tokens } from '../world/tokens.js';
import type { World } from '../world/world.js';
import type { Probe } from './probe.js';

/** A function that makes a request of its kind. It returns `undefined` if such a request is not possible now. */
export type Kind = (world: World) => Omit<Probe, 'kind'> | undefined;

/**
 * The share of requests that use the new key, as long as there are older keys. It is possible that the server does
 * not have the new key yet.
 */
const FRESH_SHARE = 0.15;

export function anyUser(): string {
  return `user-${Math.floor(Math.random() * USERS)}`;
}

/** Returns the tokens of a key that is in use, or `undefined` if there is no such key. */
export function anyTokens({ fresh, accepted }: World): Tokens | undefined {
  const known = accepted[Math.floor(Math.random() * accepted.length)];
  return fresh && (!known || Math.random() < FRESH_SHARE) ? fresh : known;
}

export function get(
  route: string,
  token: string | undefined,
  verdict: number,
  more: Partial<Probe> = {},
): Omit<Probe, 'kind'> {
  const nonce = randomUUID();
  return {
    method: 'GET',
    path: `/${route}?nonce=${nonce}`,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    nonce,
    user: 'nobody',
    verdict: () => [verdict],
    ...more,
  };
}
