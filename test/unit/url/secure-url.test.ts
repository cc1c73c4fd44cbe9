import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { secureUrlProblem } from '../../../lib/url/secure-url.js';

describe('secureUrlProblem', () => {
  it('never throws, and accepts only https: or loopback http: URLs without credentials and fragment', () => {
    const url = fc.oneof(
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc.anything(),
    );
    fc.assert(
      fc.property(url, (value) => {
        if (secureUrlProblem(value) === undefined) {
          const { protocol, username, password, hash } = new URL(value as string);
          expect(['https:', 'http:']).toContain(protocol);
          expect([username, password, hash]).toEqual(['', '', '']);
        }
      }),
    );
  });
});
