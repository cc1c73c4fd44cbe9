import { describe, expect, it } from '@jest/globals';
import { withLowerCaseOrigin } from '../../../lib/url/lower-case-origin.js';

describe('withLowerCaseOrigin()', () => {
  it.each([
    ['HTTPS://API.Example.com/Notes?A=B', 'https://api.example.com/Notes?A=B'],
    ['Http://LOCALHOST:3000', 'http://localhost:3000'],
    ['https://API.example.com?A', 'https://api.example.com?A'],
  ])('changes %s to %s', (identifier, expected) => {
    expect(withLowerCaseOrigin(identifier)).toBe(expected);
  });

  it.each([
    ['not an http(s) URL', 'API://Notes'],
    ['a URN', 'URN:Example:Notes'],
    ['a URL with userinfo', 'https://API@Example.com/notes'],
    ['written with the Kelvin sign', 'https://\u212a.example.com/notes'],
    ['written with a dotted capital I', 'https://\u0130.example.com/notes'],
    ['written with full-width letters', 'https://\uff21pi.example.com/notes'],
  ])('leaves an identifier unchanged that is %s', (_, identifier) => {
    expect(withLowerCaseOrigin(identifier)).toBe(identifier);
  });
});
