import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  effectiveScopes,
  hierarchyCycle,
  resolveScopeHierarchy,
  type ScopeHierarchyOptions,
} from '../../../lib/scope/scope-hierarchy.js';

const scope = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const scopes = fc.uniqueArray(scope);

const grant = (granted: readonly string[], options: ScopeHierarchyOptions) =>
  effectiveScopes(granted, resolveScopeHierarchy(options));

describe('a scope hierarchy', () => {
  it('is transitive', () => {
    expect([...grant(['a'], { a: ['b'], b: ['c', 'd'], x: ['y'] })]).toEqual(['a', 'b', 'c', 'd']);
  });

  it('has a cycle exactly if a scope implies itself', () => {
    const any = fc.dictionary(scope, scopes);
    fc.assert(
      fc.property(any, (options) => {
        const implied = resolveScopeHierarchy(options);
        const hasOne = [...implied].some(([broad, narrower]) => narrower.has(broad));
        expect(hierarchyCycle(options) !== undefined).toBe(hasOne);
      }),
    );
  });

  it('reports only the scopes of the cycle', () => {
    const options = { first: ['a'], a: ['x', 'b'], b: ['c'], c: ['a'], x: [] };
    expect(hierarchyCycle(options)).toBe('a → b → c → a');
  });

  it('may be 2,000 levels deep', () => {
    const name = (at: number) => `s${at}`;
    const chain = Object.fromEntries(
      Array.from({ length: 2000 }, (_, at) => [name(at), [name(at + 1)]]),
    );
    expect(hierarchyCycle(chain)).toBeUndefined();
    const reversed = Array.from({ length: 2000 }, (_, at) => name(1999 - at));
    expect(grant(reversed, chain).size).toBe(2001);
  });

  it('works with scopes named like members of Object.prototype', () => {
    expect([...grant(['constructor', '__proto__'], {})]).toEqual(['constructor', '__proto__']);
  });
});
