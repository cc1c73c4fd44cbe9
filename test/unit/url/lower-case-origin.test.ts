import { describe, expect, it } from '@jest/globals';
import { withLowerCaseOrigin } from '../../../lib/url/lower-case-origin.js';

describe('an identifier with its scheme and host in lower case', () => {
  it.each([
    ['HTTPS://API.Example.com/Notes?A=B', 'https://api.example.com/Notes?A=B'],
    ['Http://LOCALHOST:3000', 'http://localhost:3000'],
    ['https://API.example.com?A', 'https://api.example.com?A'],
  ])('%s is %s', (identifier, expected) => {
    expect(withLowerCaseOrigin(identifier)).toBe(expected);
  });

  it.each([
    ['no URL', 'API://Notes'],
    ['of another scheme', 'URN:Example:Notes'],
    ['with userinfo', 'https://API@Example.com/notes'],
    ['with the Kelvin sign', 'https://\u212a.example.com/notes'],
    ['with a dotted capital I', 'https://\u0130.example.com/notes'],
    ['with full-width letters', 'https://\uff21pi.example.com/notes'],
  ])('one that is %s stays as it is', (_, identifier) => {
    expect(withLowerCaseOrigin(identifier)).toBe(identifier);
  });
});
