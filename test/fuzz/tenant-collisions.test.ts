import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findCollision, tenantIn } from '../../lib/url/template-collision.js';
import { forTenant, isTenantName } from '../../lib/url/tenant-template.js';

/** A text of few different characters, so that templates often collide. No name contains the colon. */
const literal = fc.stringMatching(/^[ab.:]{0,3}$/);
const template = fc
  .array(literal, { minLength: 2, maxLength: 3 })
  .map((parts) => parts.join('{tenant}'));

const names = ['a', 'b', '.'].reduce<string[]>(
  (known) => [...known, ...['a', 'b', '.'].flatMap((letter) => known.map((name) => name + letter))],
  [''],
);
const tenants = [...new Set(names)].filter(isTenantName);

describe('findCollision()', () => {
  it('finds every collision that two short tenant names show', () => {
    fc.assert(
      fc.property(template, template, (one, other) => {
        const texts = new Map(tenants.map((tenant) => [forTenant(one, tenant), tenant]));
        const isShown = tenants.some((tenant) => {
          const whose = texts.get(forTenant(other, tenant));
          return whose !== undefined && whose !== tenant;
        });
        expect(isShown && findCollision(one, other) === undefined).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('reports only real collisions: both templates give the text, for two different tenants', () => {
    fc.assert(
      fc.property(template, template, (one, other) => {
        const { tenants: [mine = '', others = ''] = [], text } = findCollision(one, other) ?? {};
        if (text !== undefined) {
          expect([forTenant(one, mine), forTenant(other, others)]).toEqual([text, text]);
          expect([isTenantName(mine), isTenantName(others), mine === others]).toEqual([
            true,
            true,
            false,
          ]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['notes-{tenant}', 'notes-{tenant}-v2'],
    ['notes-{tenant}', '{tenant}'],
    ['{tenant}-notes', 'notes-{tenant}'],
    ['acme:{tenant}', '{tenant}:beta'],
    ['{tenant}{tenant}', '{tenant}'],
    ['{tenant}-a-{tenant}', 'b-{tenant}-c'],
    ['b{tenant}', '{tenant}{tenant}'],
    ['a{tenant}', '{tenant}b'],
    ['{tenant}b{tenant}', 'bb{tenant}'],
    ['https://a.example/{tenant}/b', 'https://a.example/c/{tenant}'],
    [`{tenant}`, `{tenant}${'a'.repeat(99)}`],
  ])('finds a collision of %s and %s, in either order', (one, other) => {
    expect(findCollision(one, other)).toBeDefined();
    expect(findCollision(other, one)).toBeDefined();
  });

  it.each([
    ['notes-{tenant}', 'notes-{tenant}'],
    ['notes-{tenant}', 'todos-{tenant}'],
    ['notes-{tenant}', 'notes:{tenant}'],
    ['{tenant}-v1', '{tenant}-v2'],
    ['acme:{tenant}', '{tenant}:acme'],
    ['{tenant}', '{tenant}/v2'],
    ['{tenant}/a/{tenant}', 'b/{tenant}/c'],
    ['b:{tenant}', '{tenant}:{tenant}'],
    ['https://a.example/{tenant}/mcp', 'https://a.example/{tenant}/mcp/'],
    ['https://a.example/{tenant}/b', 'https://a.example/c/d/{tenant}'],
    ['.{tenant}.', '...{tenant}:'],
    ['{tenant}', `{tenant}${'a'.repeat(100)}`],
  ])('finds no collision of %s and %s, in either order', (one, other) => {
    expect(findCollision(one, other)).toBeUndefined();
    expect(findCollision(other, one)).toBeUndefined();
  });
});

describe('the tenant read from a text', () => {
  it('is the one that was filled in', () => {
    fc.assert(
      fc.property(template, fc.constantFrom(...tenants), (pattern, tenant) => {
        expect(tenantIn(pattern, forTenant(pattern, tenant))).toBe(tenant);
      }),
    );
  });

  it.each(['notes-', 'notes-a:b', 'otes-acme', 'notes-..', `notes-${'a'.repeat(101)}`])(
    'is undefined for %s',
    (text) => {
      expect(tenantIn('notes-{tenant}', text)).toBeUndefined();
    },
  );
});
