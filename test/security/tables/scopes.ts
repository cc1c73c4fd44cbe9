import { insufficientScope, invalidToken, letIn } from '../support/answers.js';
import { requests, tokens, type Attack } from '../support/attack.js';
import type { Forgery } from '../support/forge.js';
import { ADMIN, NOTES } from '../support/places.js';

const scope = (value: unknown): Forgery => ({ claims: { scope: value } });
const instead = (claims: Record<string, unknown>): Forgery => ({
  claims: { scope: undefined, ...claims },
});

export const scopes: Attack[] = [
  ...tokens(
    'RFC 6749, section 3.3; RFC 9068, section 2.2.3',
    'scopes are separated by spaces, and compared exactly',
    insufficientScope(),
    {
      'scope left out': scope(undefined),
      'scope null': scope(null),
      'scope empty': scope(''),
      'scope separated by a tab': scope('x\tread:notes'),
      'scope separated by a line end': scope('x\nread:notes'),
      'scope separated by CR LF': scope('x\r\nread:notes'),
      'scope separated by a no-break space': scope('x\u00a0read:notes'),
      'scope separated by an ideographic space': scope('x\u3000read:notes'),
      'scope separated by a zero-width space': scope('x\u200bread:notes'),
      'scope separated by a vertical tab': scope('x\u000bread:notes'),
      'scope separated by a line separator': scope('x\u2028read:notes'),
      'scope separated by a comma': scope('x,read:notes'),
      'scope separated by a semicolon': scope('x;read:notes'),
      'scope separated by a plus': scope('x+read:notes'),
      'scope after a byte order mark': scope('\ufeffread:notes'),
      'scope and NUL': scope('read:notes\u0000'),
      'scope in another case': scope('READ:NOTES'),
      'scope with a Cyrillic letter': scope('r\u0435ad:notes'),
      'scope in fullwidth letters': scope('\uff52ead:notes'),
      'scope percent-encoded': scope('read%3Anotes'),
      'scope in quotes': scope('"read:notes"'),
      'scope that begins alike': scope('read:notes:all'),
      'scope that it begins with': scope('read:note'),
      'scope a star': scope('*'),
      'scope with a star': scope('read:*'),
      'scope a pattern': scope('.*'),
      'scope __proto__': scope('__proto__'),
      'scope constructor': scope('constructor toString hasOwnProperty'),
      'scope of a member of arrays': scope('0 length'),
      'scope an array of one string of two scopes': scope(['x read:notes']),
      'scope an empty array': scope([]),
      'scope empty, scp full': { claims: { scope: '', scp: 'read:notes' } },
      'scope in another case of the claim': instead({ Scope: 'read:notes' }),
      'scope as permissions': instead({ permissions: ['read:notes'] }),
      'scope as roles': instead({ roles: ['read:notes'], groups: ['read:notes'] }),
      'scope in an extension': instead({ ext: { scope: 'read:notes' } }),
      'scope of two thousand others': scope(
        Array.from({ length: 1000 }, (_, i) => `s${i}`).join(' '),
      ),
      'scope of spaces': scope(' '.repeat(5000)),
    },
  ),
  ...tokens(
    'RFC 9068, section 2.2.3; RFC 8693, section 4.2',
    'scope is a string, or an array of strings',
    invalidToken('claim'),
    {
      'scope an object': scope({ 'read:notes': true }),
      'scope an object that looks like an array': scope({ 0: 'read:notes', length: 1 }),
      'scope a number': scope(1),
      'scope true': scope(true),
      'scope nested in an array': scope([['read:notes']]),
      'scope an array with a number': scope(['read:notes', 1]),
      'scope an array with null': scope(['read:notes', null]),
      'scope an array with an object': scope(['read:notes', { toString: 'x' }]),
      'scp an object': instead({ scp: { 'read:notes': true } }),
      'scopes a number': instead({ scopes: 1 }),
    },
  ),
  ...tokens(
    'RFC 6750, section 3.1',
    'the scopes of one resource are not those of another',
    insufficientScope('admin', ADMIN),
    {
      'a broad scope of another resource': {
        claims: { aud: ADMIN.resource, scope: 'notes read:notes' },
      },
    },
    ADMIN,
  ),
  ...requests(
    'RFC 6750, section 3.1',
    'every scope that an operation needs is needed',
    insufficientScope('read:notes write:notes'),
    {
      'writing with the scope to read': (lab) => ({
        method: 'POST',
        path: '/notes',
        token: lab.victim,
      }),
      'writing with the scope to write only': (lab) => ({
        method: 'POST',
        path: '/notes',
        token: lab.tokenFor(NOTES, 'write:notes'),
      }),
    },
  ),
  ...requests(
    'RFC 6750, section 3.1',
    'a token that has been accepted has no more scopes for it',
    insufficientScope('read:notes delete:notes'),
    {
      'deleting with the scope to read': (lab) => ({
        method: 'DELETE',
        path: '/notes',
        token: lab.victim,
      }),
      'deleting with the broad scope, which implies less': (lab) => ({
        method: 'DELETE',
        path: '/notes',
        token: lab.tokenFor(NOTES, 'notes'),
      }),
    },
  ),
  ...tokens(
    'RFC 6749, section 3.3',
    'a scope that is granted twice is one',
    letIn({ subject: 'alice', scopes: ['read:notes', 'read:notes', '__proto__'] }),
    { 'scope with __proto__ beside the right one': scope('read:notes  read:notes __proto__ ') },
  ),
];
