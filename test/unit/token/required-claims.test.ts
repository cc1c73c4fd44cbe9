import { describe, expect, it } from '@jest/globals';
import { firstUnmet } from '../../../lib/token/required-claims.js';

const holds = (...given: Parameters<typeof firstUnmet>) => firstUnmet(...given) === undefined;

describe('required claims', () => {
  it('are not satisfied by inherited properties', () => {
    const prototype = Object.prototype as { admin?: boolean };
    try {
      prototype.admin = true;
      expect(holds({}, { admin: true })).toBe(false);
      expect(holds({ user: {} }, { user: { admin: true } })).toBe(false);
      expect(holds({ admin: true }, { admin: true })).toBe(true);
    } finally {
      delete prototype.admin;
    }
  });
});
