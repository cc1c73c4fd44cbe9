import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { insertWellKnown } from '../../../lib/url/well-known-url.js';

describe('insertWellKnown', () => {
  it('keeps origin, path and query', () => {
    fc.assert(
      fc.property(
        fc.webUrl({ withQueryParameters: true, validSchemes: ['https'] }),
        (identifier) => {
          const given = new URL(identifier);
          const url = new URL(insertWellKnown(identifier, 'oauth-protected-resource'));
          expect([url.origin, url.search]).toEqual([given.origin, given.search]);
          const path = given.pathname === '/' ? '' : given.pathname;
          expect(url.pathname).toBe(`/.well-known/oauth-protected-resource${path}`);
        },
      ),
    );
  });
});
