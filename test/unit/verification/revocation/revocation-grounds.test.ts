import { describe, expect, it } from '@jest/globals';
import type { AuthInfo } from '../../../../lib/auth-info/auth-info.js';
import { revocationGrounds } from '../../../../lib/verification/revocation/revocation-grounds.js';

const IAT = 1_700_000_000;
const isRevoked = (stored: string, claims: object = { iat: IAT }) => {
  const caller = { issuer: 'https://a.example.com', subject: 'alice', token: 'a', claims };
  const [, bySubject] = revocationGrounds(caller as unknown as AuthInfo);
  return bySubject?.applies(stored);
};

describe('the revocation of a subject', () => {
  it.each([
    ['after iat', String(IAT + 1), true],
    ['after iat, with a fraction', String(IAT + 0.5), true],
    ['equal to iat', String(IAT), false],
    ['before iat', String(IAT - 1), false],
    ['0', '0', false],
  ])('with a stored time %s', (_, stored, expected) => {
    expect(isRevoked(stored)).toBe(expected);
  });

  it.each(['', ' ', '\n', 'null', 'NaN', '-1', '-Infinity', 'Infinity', '[]', ' 1'])(
    'revokes all tokens if the stored value is %j, which is not a time',
    (stored) => {
      expect(isRevoked(stored)).toBe(true);
    },
  );

  it.each([undefined, null, String(IAT), NaN])('revokes a token whose iat is %j', (iat) => {
    expect(isRevoked('1', { iat })).toBe(true);
  });
});
