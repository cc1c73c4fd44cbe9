import { describe, expect, it } from '@jest/globals';
import { requestedNames, scopePrefixProblem } from '../../../lib/scope/scope-prefix.js';

const OPENID_SCOPES = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access'];

describe('requestedNames', () => {
  it('puts the prefix before each scope', () => {
    expect(requestedNames(['read', 'a/b', 'Openid'], 'api://notes/')).toEqual([
      'api://notes/read',
      'api://notes/a/b',
      'api://notes/Openid',
    ]);
  });

  it('leaves the scopes of OpenID Connect as they are', () => {
    expect(requestedNames(OPENID_SCOPES, 'api://notes/')).toEqual(OPENID_SCOPES);
  });

  it('copies nothing without a prefix', () => {
    const scopes = ['read'];
    expect(requestedNames(scopes, '')).toBe(scopes);
  });
});

describe('scopePrefixProblem', () => {
  it.each(['api://notes/', 'https://api.example.com/mcp/', 'urn:example:role:', 'notes.', '~'])(
    'accepts %s',
    (prefix) => {
      expect(scopePrefixProblem(prefix)).toBeUndefined();
    },
  );

  it.each([
    undefined,
    null,
    1,
    ['api://notes/'],
    '',
    ' ',
    'a b/',
    'a"/',
    'a\\',
    'a\r\nb/',
    'é/',
    'a',
    'A9',
  ])('rejects %p', (prefix) => {
    expect(scopePrefixProblem(prefix)).toMatch(/^must /);
  });
});
