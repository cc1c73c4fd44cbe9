import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { forTenant, isTenantName, overlap, TenantPath } from '../../lib/url/tenant-template.js';

const segment = fc.stringMatching(/^[a-z0-9._~-]{1,5}$/);
const template = fc
  .tuple(fc.array(segment, { maxLength: 2 }), fc.array(segment, { maxLength: 2 }))
  .map(([before, after]) => `/${[...before, '{tenant}', ...after].join('/')}`);
const trick = fc.constantFrom(
  '/',
  '//',
  '.',
  '..',
  '%2e',
  '%2F',
  '%61',
  '\\',
  ';',
  'A',
  '{tenant}',
  '?',
  '#',
  '\0',
  'ä',
);
const anyPath = fc.array(fc.oneof(segment, trick), { maxLength: 8 }).map((parts) => parts.join(''));

describe('the path of a tenant', () => {
  it('has one spelling: its tenant filled into the template gives the same path', () => {
    fc.assert(
      fc.property(template, anyPath, anyPath, (pattern, name, rest) => {
        const paths = new TenantPath(pattern);
        for (const path of [forTenant(pattern, name) + rest, name, rest]) {
          const tenant = paths.tenantAtOrBelow(path);
          if (tenant !== undefined) {
            expect(isTenantName(tenant)).toBe(true);
            const own = forTenant(pattern, tenant);
            expect(path === own || path.startsWith(`${own}/`)).toBe(true);
            expect(paths.tenantAt(path)).toBe(path === own ? tenant : undefined);
          }
        }
      }),
    );
  });

  it('is recognized for every valid tenant name', () => {
    fc.assert(
      fc.property(template, segment.filter(isTenantName), (pattern, tenant) => {
        const path = forTenant(pattern, tenant);
        const isPlain = !/\/\.{1,2}(?:\/|$)/.test(path);
        expect(new TenantPath(pattern).tenantAt(path)).toBe(isPlain ? tenant : undefined);
      }),
    );
  });

  it('overlaps with the template for every tenant name', () => {
    fc.assert(
      fc.property(template, segment.filter(isTenantName), (pattern, tenant) => {
        const path = forTenant(pattern, tenant);
        expect([overlap(pattern, path), overlap(path, pattern)]).toEqual([true, true]);
        expect(overlap(pattern, `${path}/more`)).toBe(false);
      }),
    );
  });
});
