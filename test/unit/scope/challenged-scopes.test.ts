import { describe, expect, it } from '@jest/globals';
import { challengedScopes } from '../../../lib/scope/challenged-scopes.js';

const related = (...scopes: string[]) => ({ scopePrefix: '', relatedScopes: new Set(scopes) });
const numbered = (count: number, name = 's') =>
  Array.from({ length: count }, (_, index) => `${name}${index}`);

describe('challengedScopes', () => {
  it('names only the required scopes if the resource has no related scopes', () => {
    const required = ['a', 'b'];
    const at = { scopePrefix: '', relatedScopes: undefined };
    expect(challengedScopes(required, ['a', 'c'], at)).toBe(required);
  });

  it('adds the granted scopes that the resource knows, each once', () => {
    const granted = ['openid', 'c', 'a', 'c', 'https://graph.example.com/Mail.Read'];
    expect(challengedScopes(['a', 'b'], granted, related('a', 'b', 'c', 'd'))).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  it('puts the prefix before all scopes, except the scopes of OpenID Connect', () => {
    const at = { ...related('a', 'c', 'profile'), scopePrefix: 'api://x/' };
    expect(challengedScopes(['a', 'openid'], ['profile', 'c'], at)).toEqual([
      'api://x/a',
      'openid',
      'profile',
      'api://x/c',
    ]);
  });

  it('adds at most 50 scopes', () => {
    const granted = numbered(1000);
    expect(challengedScopes(['a'], granted, related(...granted))).toEqual(['a', ...numbered(50)]);
  });

  it.each([1, 10, 99, 400])(
    'adds only as many scopes of %i characters as fit into 1500 characters',
    (length) => {
      const granted = numbered(50, 'x'.repeat(length));
      const named = challengedScopes(['a'], granted, related(...granted)).join(' ');
      expect(named.length).toBeLessThanOrEqual(1500);
      expect(named).toMatch(/^a x+0/);
    },
  );

  it('names all required scopes, and adds no scope if they are already longer than 1500 characters', () => {
    const required = numbered(100, 'r'.repeat(40));
    expect(challengedScopes(required, ['c'], related('c'))).toEqual(required);
  });

  it('counts the prefix as a part of the 1500 characters', () => {
    const granted = numbered(50);
    const at = { ...related(...granted), scopePrefix: `${'p'.repeat(500)}/` };
    expect(challengedScopes(['a'], granted, at)).toHaveLength(2);
  });
});
