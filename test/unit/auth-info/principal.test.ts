import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { principalOf, type Identity } from '../../../lib/auth-info/principal.js';

const ISSUER = 'https://auth.example.com';
const AUTH = '68747470733a2f2f617574682e6578616d706c652e636f6d';

/** The principals of some identities. Applications store data under principals, so these values must never change. */
const vectors: [string, Identity, string | undefined][] = [
  ['a user', { issuer: ISSUER, subject: 'alice', clientId: 'app' }, `user.${AUTH}.616c696365`],
  ['a user without a client id', { issuer: ISSUER, subject: 'alice' }, `user.${AUTH}.616c696365`],
  ['a user in capital letters', { issuer: ISSUER, subject: 'ALICE' }, `user.${AUTH}.414c494345`],
  ['a user with a space', { issuer: ISSUER, subject: 'alice ' }, `user.${AUTH}.616c69636520`],
  ['a user beyond ASCII', { issuer: ISSUER, subject: 'zoë😀' }, `user.${AUTH}.7a6fc3abf09f9880`],
  ['a composed letter', { issuer: ISSUER, subject: '\u00e9' }, `user.${AUTH}.c3a9`],
  ['the same letter, decomposed', { issuer: ISSUER, subject: 'e\u0301' }, `user.${AUTH}.65cc81`],
  ['a delimiter', { issuer: ISSUER, subject: 'a.b\u0000' }, `user.${AUTH}.612e6200`],
  [
    'an issuer with a trailing slash',
    { issuer: `${ISSUER}/`, subject: 'alice' },
    `user.${AUTH}2f.616c696365`,
  ],
  ['a client without a subject', { issuer: ISSUER, clientId: 'app' }, `client.${AUTH}.617070`],
  [
    'a client that is its own subject',
    { issuer: ISSUER, subject: 'app', clientId: 'app' },
    `client.${AUTH}.617070`,
  ],
  ['an empty subject', { issuer: ISSUER, subject: '', clientId: 'app' }, `client.${AUTH}.617070`],
  ['neither user nor client', { issuer: ISSUER, clientId: '' }, undefined],
  ['half of a surrogate pair', { issuer: ISSUER, subject: '\ud800' }, undefined],
];

describe('the principal', () => {
  it.each(vectors)('has the documented value for %s', (_, identity, principal) => {
    expect(principalOf(identity)).toBe(principal);
  });

  it('differs for different issuers, subjects and clients, and contains only characters safe in keys', () => {
    const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('a', 'A', 'a.b', '.'));
    const identity = fc.record({ issuer: text, subject: text, clientId: text });
    const told = ({ issuer, subject, clientId }: Identity) =>
      JSON.stringify(
        subject && subject !== clientId ? [issuer, 'user', subject] : [issuer, 'client', clientId],
      );
    fc.assert(
      fc.property(identity, identity, (one, other) => {
        const [first, second] = [principalOf(one), principalOf(other)];
        expect(first ?? 'user.00').toMatch(/^(?:user|client)\.[0-9a-f]*\.?[0-9a-f]+$/);
        if (first !== undefined && second !== undefined) {
          expect(first === second).toBe(told(one) === told(other));
        }
      }),
    );
  });
});
