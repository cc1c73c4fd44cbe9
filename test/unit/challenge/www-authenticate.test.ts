import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { challenge, quotedString } from '../../../lib/challenge/www-authenticate.js';

/** `quoted-string` of RFC 9110, section 5.6.4, without obs-text. */
const QUOTED = /^"(?:[\t \x21\x23-\x5b\x5d-\x7e]|\\[\t \x21-\x7e])*"$/;
/** One `auth-param` of RFC 9110, section 11.2, as we write it. */
const PARAM = /([a-z_]+)="((?:[^"\\]|\\.)*)"(?:, |$)/gy;

function parse(challenge: string): Record<string, string> {
  const list = challenge.replace(/^Bearer ?/, '');
  const params: Record<string, string> = {};
  PARAM.lastIndex = 0;
  for (let at = 0; at < list.length; at = PARAM.lastIndex) {
    const [, name = '', value = ''] = PARAM.exec(list) ?? [];
    expect(name).not.toBe('');
    params[name] = value.replace(/\\(.)/g, '$1');
  }
  return params;
}

describe('quotedString', () => {
  it('returns a valid quoted-string for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => QUOTED.test(quotedString(text))),
    );
  });

  it('keeps printable ASCII as it is', () => {
    const ascii = fc.string({ unit: 'grapheme-ascii' });
    fc.assert(fc.property(ascii, (text) => parse(`Bearer x=${quotedString(text)}`).x === text));
  });

  it('replaces characters that are not allowed in a header by spaces', () => {
    expect(quotedString('a\r\nb\u0000cé')).toBe('"a  b c "');
  });
});

describe('challenge', () => {
  it('can be parsed back to its parameters', () => {
    const text = fc.string({ unit: 'grapheme-ascii', minLength: 1 });
    const description = fc.stringMatching(/^[ !#-[\]-~]+$/);
    fc.assert(
      fc.property(text, description, text, (error, errorDescription, resourceMetadata) => {
        expect(parse(challenge('Bearer', { error, errorDescription, resourceMetadata }))).toEqual({
          error,
          error_description: errorDescription,
          resource_metadata: resourceMetadata,
        });
      }),
    );
  });

  it('leaves out parameters without a value, and always the scope offline_access', () => {
    expect(challenge('Bearer', {})).toBe('Bearer');
    expect(challenge('Bearer', { scope: [] })).toBe('Bearer');
    expect(challenge('Bearer', { scope: ['offline_access'] })).toBe('Bearer');
    expect(challenge('Bearer', { scope: ['a', 'offline_access', 'b'] })).toBe('Bearer scope="a b"');
  });
});
