import { expect } from '@jest/globals';
import type { Answer } from './answers.js';
import type { Variant } from './application.js';
import type { Attack } from './attack.js';
import type { Laboratory } from './laboratory.js';
import { NOTES } from './places.js';
import type { Received, Wire } from './wire.js';

/**
 * Sends the request of an attack, and checks the answer. With the token cache, the application has just accepted
 * a token of the caller, and the request is sent twice, since the first request might have changed the cache.
 */
export async function attack(
  { request, answer }: Attack,
  lab: Laboratory,
  wire: Wire,
  { adapter, tokenCache }: Variant,
): Promise<void> {
  if (tokenCache !== false) {
    await assertServes(lab, wire);
  }
  const sent = await request(lab);
  const received = await wire.send(lab.url, sent);
  assertAnswer(received, 'status' in answer ? answer : answer[adapter]);
  expect(leaksOf(everything(received), lab)).toEqual([]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  if (tokenCache !== false) {
    expect(withoutTime(await wire.send(lab.url, sent))).toEqual(withoutTime(received));
  }
}

/** Checks that the application accepts the valid token of Alice. */
export async function assertServes(lab: Laboratory, wire: Wire): Promise<void> {
  const { status, body } = await wire.send(lab.url, { path: NOTES.path, token: lab.victim });
  expect([status, JSON.parse(body)]).toEqual([200, { subject: 'alice', scopes: ['read:notes'] }]);
}

function assertAnswer(received: Received, { status, challenge, body, headers = {} }: Answer): void {
  const { headers: fields } = received;
  expect([received.status, fields['www-authenticate']]).toEqual([status, challenge]);
  expect(received.answers).toBe(1);
  expect(fields['set-cookie']).toBeUndefined();
  for (const [name, value] of Object.entries(headers)) {
    expect([name, fields[name]]).toEqual([
      name,
      value instanceof RegExp ? expect.stringMatching(value) : value,
    ]);
  }
  if (body !== undefined) {
    expect(JSON.parse(received.body)).toEqual(body);
  }
}

/** Returns the parts of an answer that must be the same for the same request: all but the time. */
export function withoutTime({ headers, ...received }: Received): unknown {
  const lasting = Object.entries(headers).filter(([name]) => !/^(date|retry-after)$/.test(name));
  return { ...received, headers: Object.fromEntries(lasting) };
}

const everything = ({ headers, body }: Received) => `${JSON.stringify(headers)}\n${body}`;

/** Returns the tokens, and the parts of tokens, that a text contains. */
export const leaksOf = (text: string, { secrets }: Laboratory): string[] =>
  [...secrets].filter((secret) => text.includes(secret));
