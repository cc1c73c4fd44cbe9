import { describe, expect, it } from '@jest/globals';
import { withoutTrailingSlash } from '../../../lib/url/resource-identifier.js';

describe('withoutTrailingSlash', () => {
  it.each([
    ['https://a.example.com/', 'https://a.example.com'],
    ['https://a.example.com', 'https://a.example.com'],
    ['https://a.example.com/x/', 'https://a.example.com/x/'],
    ['https://a.example.com:8443/', 'https://a.example.com:8443'],
    ['https://a.example.com/?x', 'https://a.example.com/?x'],
  ])('changes %s to %s', (given, expected) => {
    expect(withoutTrailingSlash(given)).toBe(expected);
  });
});
