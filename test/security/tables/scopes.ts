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
    'a token that does not have exactly the required scope is rejected',
    insufficientScope(),
    {
      'no scope': scope(undefined),
      'scope is null': scope(null),
      'scope is an empty string': scope(''),
      'scope with a tab between two scopes': scope('x\tread:notes'),
      'scope with a line end between two scopes': scope('x\nread:notes'),
      'scope with CR LF between two scopes': scope('x\r\nread:notes'),
      'scope with a no-break space between two scopes': scope('x\u00a0read:notes'),
      'scope with an ideographic space between two scopes': scope('x\u3000read:notes'),
      'scope with a zero-width space between two scopes': scope('x\u200bread:notes'),
      'scope with a vertical tab between two scopes': scope('x\u000bread:notes'),
      'scope with a line separator between two scopes': scope('x\u2028read:notes'),
      'scope with a comma between two scopes': scope('x,read:notes'),
      'scope with a semicolon between two scopes': scope('x;read:notes'),
      'scope with a plus between two scopes': scope('x+read:notes'),
      'the required scope after a byte order mark': scope('\ufeffread:notes'),
      'the required scope and NUL': scope('read:notes\u0000'),
      'the required scope in another case': scope('READ:NOTES'),
      'the required scope with a Cyrillic letter': scope('r\u0435ad:notes'),
      'the required scope with a fullwidth letter': scope('\uff52ead:notes'),
      'the required scope percent-encoded': scope('read%3Anotes'),
      'the required scope in quotes': scope('"read:notes"'),
      'a scope that continues the required scope': scope('read:notes:all'),
      'a scope that is only the beginning of the required scope': scope('read:note'),
      'a star as scope': scope('*'),
      'a scope with a star in place of the last part': scope('read:*'),
      'a regular expression as scope': scope('.*'),
      'a scope called __proto__': scope('__proto__'),
      'scopes with the names of members of every object': scope(
        'constructor toString hasOwnProperty',
      ),
      'scopes with the names of members of an array': scope('0 length'),
      'scope is an array of one string with two scopes': scope(['x read:notes']),
      'scope is an empty array': scope([]),
      'scope is an empty string, and scp has the required scope': {
        claims: { scope: '', scp: 'read:notes' },
      },
      'the required scope in a claim named Scope': instead({ Scope: 'read:notes' }),
      'the required scope in a claim named permissions': instead({ permissions: ['read:notes'] }),
      'the required scope in claims named roles and groups': instead({
        roles: ['read:notes'],
        groups: ['read:notes'],
      }),
      'the required scope in a member of the claim ext': instead({ ext: { scope: 'read:notes' } }),
      'a thousand other scopes': scope(Array.from({ length: 1000 }, (_, i) => `s${i}`).join(' ')),
      'scope is five thousand spaces': scope(' '.repeat(5000)),
    },
  ),
  ...tokens(
    'RFC 9068, section 2.2.3; RFC 8693, section 4.2',
    'a token whose scope is neither a string nor an array of strings is rejected',
    invalidToken('claim'),
    {
      'scope is an object': scope({ 'read:notes': true }),
      'scope is an object with the members of an array': scope({ 0: 'read:notes', length: 1 }),
      'scope is a number': scope(1),
      'scope is true': scope(true),
      'scope is an array in an array': scope([['read:notes']]),
      'scope is an array with a number': scope(['read:notes', 1]),
      'scope is an array with null': scope(['read:notes', null]),
      'scope is an array with an object': scope(['read:notes', { toString: 'x' }]),
      'no scope, and scp is an object': instead({ scp: { 'read:notes': true } }),
      'no scope, and scopes is a number': instead({ scopes: 1 }),
    },
  ),
  ...tokens(
    'RFC 6750, section 3.1',
    'the scope hierarchy of one resource does not apply to another',
    insufficientScope('admin', ADMIN),
    {
      'a token for the admin resource with the broad scope of the notes': {
        claims: { aud: ADMIN.resource, scope: 'notes read:notes' },
      },
    },
    ADMIN,
  ),
  ...requests(
    'RFC 6750, section 3.1',
    'a token must have every scope that an operation needs',
    insufficientScope('read:notes write:notes'),
    {
      'a POST, with only the scope to read': (lab) => ({
        method: 'POST',
        path: '/notes',
        token: lab.victim,
      }),
      'a POST, with only the scope to write': (lab) => ({
        method: 'POST',
        path: '/notes',
        token: lab.tokenFor(NOTES, 'write:notes'),
      }),
    },
  ),
  ...requests(
    'RFC 6750, section 3.1',
    'a token gets no further scopes by having been accepted before',
    insufficientScope('read:notes delete:notes'),
    {
      'a DELETE, with only the scope to read': (lab) => ({
        method: 'DELETE',
        path: '/notes',
        token: lab.victim,
      }),
      'a DELETE, with the broad scope, which does not imply delete:notes': (lab) => ({
        method: 'DELETE',
        path: '/notes',
        token: lab.tokenFor(NOTES, 'notes'),
      }),
    },
  ),
  ...tokens(
    'RFC 6749, section 3.3',
    'a scope that is granted twice grants no more',
    letIn({ subject: 'alice', scopes: ['read:notes', 'read:notes', '__proto__'] }),
    {
      'the required scope twice, and a scope called __proto__': scope(
        'read:notes  read:notes __proto__ ',
      ),
    },
  ),
];
