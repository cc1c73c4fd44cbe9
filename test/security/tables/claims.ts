import { asAlice, invalidToken, letIn } from '../support/answers.js';
import { tokens, type Attack } from '../support/attack.js';
import type { Forgery } from '../support/forge.js';
import type { Laboratory } from '../support/laboratory.js';
import { NOTES } from '../support/places.js';

const claims = (more: Record<string, unknown>): Forgery => ({ claims: more });
const at = (name: string, seconds: number) => (lab: Laboratory) =>
  lab.forge({ claims: { [name]: lab.at(seconds) } });
/** A number that `JSON.stringify` would not write. */
const number = (name: string, text: string): Forgery => ({
  claims: { [name]: 123_456 },
  payloadText: (json) => json.replace(`"${name}":123456`, `"${name}":${text}`),
});
const aud = (value: unknown): Forgery => claims({ aud: value });
const { resource } = NOTES;

export const claimTypes: Attack[] = [
  ...tokens(
    'RFC 7519, section 4.1.4 and 2 (NumericDate); RFC 9068, section 2.2',
    'exp is there, and a number',
    invalidToken('claim'),
    {
      'exp left out': claims({ exp: undefined }),
      'exp null': claims({ exp: null }),
      'exp a string of a number': claims({ exp: '9999999999' }),
      'exp a date': claims({ exp: '2099-01-01T00:00:00Z' }),
      'exp empty': claims({ exp: '' }),
      'exp true': claims({ exp: true }),
      'exp an array of a number': claims({ exp: [9_999_999_999] }),
      'exp an object': claims({ exp: { valueOf: 9_999_999_999 } }),
      'exp 1e400, which is infinite': number('exp', '1e400'),
      'exp of four hundred digits': number('exp', '9'.repeat(400)),
      'exp "Infinity"': claims({ exp: 'Infinity' }),
    },
  ),
  ...tokens('RFC 7519, section 4.1.4', 'exp is in the future', invalidToken('expired'), {
    'exp 0': claims({ exp: 0 }),
    'exp negative': claims({ exp: -1 }),
    'exp negative zero': number('exp', '-0'),
    'exp past by a minute': at('exp', -60),
    'exp past by a fraction of an hour': number('exp', '1.5e9'),
    'exp in an exponent that makes it small': number('exp', '9999999999e-9'),
  }),
  ...tokens(
    'RFC 7519, section 4; RFC 8259, section 6',
    'numbers are those of JSON',
    invalidToken('malformed'),
    {
      'exp NaN': number('exp', 'NaN'),
      'exp Infinity': number('exp', 'Infinity'),
      'exp in hexadecimal': number('exp', '0xFFFFFFFF'),
      'exp with leading zeros': number('exp', '009999999999'),
      'exp with a plus': number('exp', '+9999999999'),
      'exp a big integer': number('exp', '9999999999n'),
    },
  ),
  ...tokens(
    'RFC 7519, section 4.1.5 and 4.1.6',
    'a token is not used before its time',
    invalidToken('not_yet_valid'),
    {
      'nbf in an hour': at('nbf', 3600),
      'iat in an hour': at('iat', 3600),
    },
  ),
  ...tokens('RFC 7519, section 4.1.5 and 4.1.6', 'times are numbers', invalidToken('claim'), {
    'nbf a string': claims({ nbf: '0' }),
    'nbf 1e400': number('nbf', '1e400'),
    'iat 1e400': number('iat', '1e400'),
    'exp -1e400': number('exp', '-1e400'),
    'nbf an array': claims({ nbf: [0] }),
    'nbf false': claims({ nbf: false }),
    'iat a string': claims({ iat: 'now' }),
    'iat an object': claims({ iat: {} }),
  }),
  ...tokens(
    'RFC 7519, section 4.1.3; RFC 9068, section 4',
    'aud is there',
    invalidToken('audience'),
    {
      'aud left out': aud(undefined),
      'aud left out, resource named instead': claims({ aud: undefined, resource }),
      'aud left out, azp named instead': claims({ aud: undefined, azp: resource }),
    },
  ),
  ...tokens(
    'RFC 7519, section 4.1.3; RFC 8707, section 2; RFC 8725, section 3.9',
    'aud must name this resource exactly',
    invalidToken('audience'),
    {
      'aud null': aud(null),
      'aud empty': aud(''),
      'aud an empty array': aud([]),
      'aud a number': aud(1),
      'aud true': aud(true),
      'aud an object with the resource as member': aud({ [resource]: true }),
      'aud an object that looks like an array': aud({ 0: resource, length: 1 }),
      'aud nested in an array': aud([[resource]]),
      'aud an array of an object': aud([{ aud: resource }]),
      'aud an array of null': aud([null]),
      'aud several in one string': aud(`${resource} https://other.example.com`),
      'aud several in one string, with a comma': aud(`https://other.example.com,${resource}`),
      'aud the origin': aud('https://api.example.com'),
      'aud below the resource': aud(`${resource}/1`),
      'aud with a slash more': aud(`${resource}/`),
      'aud with a letter less': aud(resource.slice(0, -1)),
      'aud in another case': aud('https://api.example.com/Notes'),
      // With the host in another case it is the same resource (RFC 3986, section 6.2.2.1).
      'aud with all of it in another case': aud(resource.toUpperCase()),
      'aud with userinfo in another case': aud('https://API@api.example.com/notes'),
      'aud with the default port': aud('https://api.example.com:443/notes'),
      'aud with another port': aud('https://api.example.com:8443/notes'),
      'aud over http': aud('http://api.example.com/notes'),
      'aud with userinfo': aud('https://api.example.com@evil.example/notes'),
      'aud with a query': aud(`${resource}?a=b`),
      'aud with a fragment': aud(`${resource}#a`),
      'aud percent-encoded': aud('https://api.example.com/%6eotes'),
      'aud with dot segments': aud('https://api.example.com/x/../notes'),
      'aud with a backslash': aud('https://api.example.com\\notes'),
      'aud with a trailing dot in the host': aud('https://api.example.com./notes'),
      'aud with a Cyrillic letter': aud('https://api.ex\u0430mple.com/notes'),
      'aud with a space after': aud(`${resource} `),
      'aud with NUL after': aud(`${resource}\u0000`),
      'aud a pattern': aud('https://api.example.com/.*'),
      'aud a star': aud('*'),
      'aud of the client (an ID token)': aud('client-1'),
      'aud of the authorization server': (lab) => lab.forge({ claims: { aud: lab.issuer.url } }),
      'aud __proto__': aud('__proto__'),
      'aud of a thousand others': aud(
        Array.from({ length: 300 }, (_, i) => `https://${i}.example.com`),
      ),
    },
  ),
  ...tokens(
    'RFC 7519, section 2 (StringOrURI) and 4.1.2; RFC 9068, section 2.2',
    'sub and client_id are strings',
    invalidToken('claim'),
    {
      'sub an object': claims({ sub: { name: 'root' } }),
      'sub an array': claims({ sub: ['alice', 'root'] }),
      'sub a number': claims({ sub: 0 }),
      'sub true': claims({ sub: true }),
      'client_id an object': claims({ client_id: { toString: 'x' } }),
      'client_id an array': claims({ client_id: ['client-1'] }),
      'azp a number': claims({ client_id: undefined, azp: 1 }),
    },
  ),
  ...tokens(
    'RFC 7519, section 4.1.3',
    'every member of aud is a string',
    invalidToken('audience'),
    {
      'aud the resource and a number': aud([resource, 1]),
      'aud the resource and an object': aud([resource, { root: true }]),
    },
  ),
  ...tokens('RFC 7519, section 4', 'a claim that is null is as if absent', asAlice, {
    'nbf null': claims({ nbf: null }),
    'iat null': claims({ iat: null }),
    'client_id null': claims({ client_id: null }),
    'scope null, scp full': claims({ scope: null, scp: 'read:notes' }),
  }),
  ...tokens(
    'RFC 7519, section 4',
    'a subject that is null is absent',
    letIn({ scopes: ['read:notes'] }),
    { 'sub null': claims({ sub: null }) },
  ),
  ...tokens('RFC 7519, section 4', 'what no claim means has no effect', asAlice, {
    'claims of an administrator': claims({
      admin: true,
      role: 'admin',
      roles: ['admin'],
      permissions: ['*'],
    }),
    'act and may_act of another': claims({ act: { sub: 'root' }, may_act: { sub: 'root' } }),
    'claims with CR LF and quotes': claims({ 'x"\r\nSet-Cookie: a=b': '"\r\n\r\n<script>' }),
    'a claim a hundred levels deep': claims({
      deep: JSON.parse('['.repeat(100) + ']'.repeat(100)) as unknown,
    }),
    'a claim four thousand levels deep': {
      payloadText: (json) => json.replace('{', `{"deep":${'['.repeat(4000)}${']'.repeat(4000)},`),
    },
  }),
  ...tokens(
    'RFC 7519, section 4.1.2',
    'a subject is compared, never looked up',
    letIn({ subject: '__proto__', scopes: ['read:notes'] }),
    {
      'sub __proto__': claims({ sub: '__proto__' }),
    },
  ),
];
