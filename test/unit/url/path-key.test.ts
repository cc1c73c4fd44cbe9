import { describe, expect, it } from '@jest/globals';
import { pathKey } from '../../../lib/url/path-key.js';

describe('pathKey', () => {
  it.each([
    ['/', '/'],
    ['/A/b', '/a/b'],
    ['/a/', '/a'],
    ['/caf%C3%A9', '/café'],
    ['/a%2Fb', '/a%2fb'],
  ])('maps %s to %s', (path, key) => {
    expect(pathKey(path)).toBe(key);
  });
});
