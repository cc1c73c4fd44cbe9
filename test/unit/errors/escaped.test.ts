import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { escaped } from '../../../lib/errors/escaped.js';
import { HOSTILE, SHOWN } from '../../support/hostile-text.js';

describe('escaped()', () => {
  it('returns one line without control or formatting characters for any text', () => {
    expect(escaped(HOSTILE)).toBe(SHOWN);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escaped(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  it('leaves printable text of any language unchanged', () => {
    const text = 'Größe „x“ – 日本語 🎉 \\ "a"';
    expect(escaped(text)).toBe(text);
  });
});
