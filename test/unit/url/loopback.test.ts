import { describe, expect, it } from '@jest/globals';
import { isLoopback } from '../../../lib/url/loopback.js';

describe('isLoopback', () => {
  it.each([
    'localhost',
    'app.localhost',
    '127.0.0.1',
    '127.255.1.2',
    '[::1]',
    '127.1',
    '0x7f000001',
  ])('is true for %s', (host) => {
    expect(isLoopback(new URL(`http://${host}/`))).toBe(true);
  });

  it.each([
    'localhost.example.com',
    'notlocalhost',
    '128.0.0.1',
    '127.0.0.1.example.com',
    '0.0.0.0',
    '[::2]',
    '10.0.0.1',
  ])('is false for %s', (host) => {
    expect(isLoopback(new URL(`http://${host}/`))).toBe(false);
  });
});
