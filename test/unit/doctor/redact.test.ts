import { describe, expect, it } from '@jest/globals';
import { redactor } from '../../../lib/doctor/redact.js';

const TOKEN = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLW9mLWFsaWNl';

describe('a redactor', () => {
  const redact = redactor(TOKEN);

  it.each([
    ['the token', TOKEN, '[token]'],
    ['the token in a text', `bad: ${TOKEN}.`, 'bad: [token].'],
    ['the token in another case', TOKEN.toUpperCase(), '[token]'],
    ['the beginning of the token', `bad: ${TOKEN.slice(0, 20)}…`, 'bad: [token]…'],
    ['the end of the token', `…${TOKEN.slice(-12)}`, '…[token]'],
    [
      'the token behind letters that grow in lower case',
      `${'İ'.repeat(40)}${TOKEN}!`,
      `${'İ'.repeat(40)}[token]!`,
    ],
    ['the token twice', `${TOKEN} ${TOKEN}`, '[token] [token]'],
    ['the token after itself', TOKEN + TOKEN, '[token]'],
    ['two pieces', `${TOKEN.slice(0, 15)}|${TOKEN.slice(30, 50)}`, '[token]|[token]'],
    ['short pieces', TOKEN.slice(0, 11), TOKEN.slice(0, 11)],
    ['another text', 'The access token expired.', 'The access token expired.'],
  ])('given %s', (_, text, shown) => {
    expect(redact(text)).toBe(shown);
  });

  it('removes a token that is shorter than a piece', () => {
    expect(redactor('s3cr3t')('It was s3cr3t.')).toBe('It was [token].');
  });

  it('changes nothing if there is no token', () => {
    expect(redactor(undefined)(TOKEN)).toBe(TOKEN);
  });
});
