import { asAlice, invalidToken, letIn } from '../support/answers.js';
import { tokens, type Attack } from '../support/attack.js';
import type { Forgery } from '../support/forge.js';
import type { Laboratory } from '../support/laboratory.js';
import { NOTES } from '../support/places.js';

const claims = (more: Record<string, unknown>): Forgery => ({ claims: more });
const at = (name: string, seconds: number) => (lab: Laboratory) =>
  lab.forge({ claims: { [name]: lab.at(seconds) } });
/** Returns a forgery with a number that `JSON.stringify` would not write. */
const number = (name: string, text: string): Forgery => ({
  claims: { [name]: 123_456 },
  payloadText: (json) => json.replace(`"${name}":123456`, `"${name}":${text}`),
});
const aud = (value: unknown): Forgery => claims({ aud: value });
const { resource } = NOTES;

export const claimTypes: Attack[] = [
  ...tokens(
    'RFC 7519, section 4.1.4 and 2 (NumericDate); RFC 9068, section 2.2',
    'a token without a finite number as exp is rejected',
    invalidToken('claim'),
    {
      'no exp': claims({ exp: undefined }),
      'exp is null': claims({ exp: null }),
      'exp is a number in a string': claims({ exp: '9999999999' }),
      'exp is a date in a string': claims({ exp: '2099-01-01T00:00:00Z' }),
      'exp is an empty string': claims({ exp: '' }),
      'exp is true': claims({ exp: true }),
      'exp is an array of a number': claims({ exp: [9_999_999_999] }),
      'exp is an object with valueOf': claims({ exp: { valueOf: 9_999_999_999 } }),
      'exp is 1e400, which is infinite': number('exp', '1e400'),
      'exp is a number of 400 digits, which is infinite': number('exp', '9'.repeat(400)),
      'exp is the string Infinity': claims({ exp: 'Infinity' }),
    },
  ),
  ...tokens(
    'RFC 7519, section 4.1.4',
    'a token whose exp is in the past is rejected',
    invalidToken('expired'),
    {
      'exp is 0': claims({ exp: 0 }),
      'exp is -1': claims({ exp: -1 }),
      'exp is -0': number('exp', '-0'),
      'exp is a minute ago': at('exp', -60),
      'exp is 1.5e9, a time in 2017': number('exp', '1.5e9'),
      'exp is small because of a negative exponent': number('exp', '9999999999e-9'),
    },
  ),
  ...tokens(
    'RFC 7519, section 4; RFC 8259, section 6',
    'a token whose payload is not JSON is rejected',
    invalidToken('malformed'),
    {
      'exp is NaN, which JSON does not have': number('exp', 'NaN'),
      'exp is Infinity, which JSON does not have': number('exp', 'Infinity'),
      'exp is a hexadecimal number': number('exp', '0xFFFFFFFF'),
      'exp is a number with leading zeros': number('exp', '009999999999'),
      'exp is a number after a plus': number('exp', '+9999999999'),
      'exp is a big integer of JavaScript': number('exp', '9999999999n'),
    },
  ),
  ...tokens(
    'RFC 7519, section 4.1.5 and 4.1.6',
    'a token is rejected before its nbf or iat',
    invalidToken('not_yet_valid'),
    {
      'nbf is in an hour': at('nbf', 3600),
      'iat is in an hour': at('iat', 3600),
    },
  ),
  ...tokens(
    'RFC 7519, section 4.1.5 and 4.1.6',
    'a token with a time that is not a finite number is rejected',
    invalidToken('claim'),
    {
      'nbf is a string': claims({ nbf: '0' }),
      'nbf is 1e400, which is infinite': number('nbf', '1e400'),
      'iat is 1e400, which is infinite': number('iat', '1e400'),
      'exp is -1e400, which is infinite': number('exp', '-1e400'),
      'nbf is an array': claims({ nbf: [0] }),
      'nbf is false': claims({ nbf: false }),
      'iat is a string': claims({ iat: 'now' }),
      'iat is an object': claims({ iat: {} }),
    },
  ),
  ...tokens(
    'RFC 7519, section 4.1.3; RFC 9068, section 4',
    'a token without aud is rejected',
    invalidToken('audience'),
    {
      'no aud': aud(undefined),
      'no aud, and a claim resource with the resource': claims({ aud: undefined, resource }),
      'no aud, and azp is the resource': claims({ aud: undefined, azp: resource }),
    },
  ),
  ...tokens(
    'RFC 7519, section 4.1.3; RFC 8707, section 2; RFC 8725, section 3.9',
    'a token whose aud does not exactly name this resource is rejected',
    invalidToken('audience'),
    {
      'aud is null': aud(null),
      'aud is an empty string': aud(''),
      'aud is an empty array': aud([]),
      'aud is a number': aud(1),
      'aud is true': aud(true),
      'aud is an object with the resource as member': aud({ [resource]: true }),
      'aud is an object with the members of an array': aud({ 0: resource, length: 1 }),
      'aud is an array in an array': aud([[resource]]),
      'aud is an array of an object': aud([{ aud: resource }]),
      'aud is an array of null': aud([null]),
      'aud is a string of two audiences with a space between them': aud(
        `${resource} https://other.example.com`,
      ),
      'aud is a string of two audiences with a comma between them': aud(
        `https://other.example.com,${resource}`,
      ),
      'aud is the origin of the resource': aud('https://api.example.com'),
      'aud is a URL below the resource': aud(`${resource}/1`),
      'aud is the resource with a slash at the end': aud(`${resource}/`),
      'aud is the resource without its last letter': aud(resource.slice(0, -1)),
      'aud is the resource with its path in another case': aud('https://api.example.com/Notes'),
      // With the host in another case it is the same resource (RFC 3986, section 6.2.2.1).
      'aud is the resource in capitals': aud(resource.toUpperCase()),
      'aud is the resource with userinfo before its host': aud('https://API@api.example.com/notes'),
      'aud is the resource with the default port': aud('https://api.example.com:443/notes'),
      'aud is the resource with another port': aud('https://api.example.com:8443/notes'),
      'aud is the resource with http': aud('http://api.example.com/notes'),
      'aud is the host of the resource as userinfo of another host': aud(
        'https://api.example.com@evil.example/notes',
      ),
      'aud is the resource with a query': aud(`${resource}?a=b`),
      'aud is the resource with a fragment': aud(`${resource}#a`),
      'aud is the resource with a percent-encoded letter': aud('https://api.example.com/%6eotes'),
      'aud is the resource by way of dot segments': aud('https://api.example.com/x/../notes'),
      'aud is the resource with a backslash before its path': aud('https://api.example.com\\notes'),
      'aud is the resource with a dot after the host': aud('https://api.example.com./notes'),
      'aud is the resource with a Cyrillic letter': aud('https://api.ex\u0430mple.com/notes'),
      'aud is the resource and a space': aud(`${resource} `),
      'aud is the resource and NUL': aud(`${resource}\u0000`),
      'aud is a regular expression': aud('https://api.example.com/.*'),
      'aud is a star': aud('*'),
      'aud is the client, as in an ID token': aud('client-1'),
      'aud is the authorization server': (lab) => lab.forge({ claims: { aud: lab.issuer.url } }),
      'aud is __proto__': aud('__proto__'),
      'aud is an array of 300 other resources': aud(
        Array.from({ length: 300 }, (_, i) => `https://${i}.example.com`),
      ),
    },
  ),
  ...tokens(
    'RFC 7519, section 2 (StringOrURI) and 4.1.2; RFC 9068, section 2.2',
    'a token whose subject or client is not a string is rejected',
    invalidToken('claim'),
    {
      'sub is an object': claims({ sub: { name: 'root' } }),
      'sub is an array': claims({ sub: ['alice', 'root'] }),
      'sub is a number': claims({ sub: 0 }),
      'sub is true': claims({ sub: true }),
      'client_id is an object': claims({ client_id: { toString: 'x' } }),
      'client_id is an array': claims({ client_id: ['client-1'] }),
      'no client_id, and azp is a number': claims({ client_id: undefined, azp: 1 }),
    },
  ),
  ...tokens(
    'RFC 7519, section 4.1.3',
    'a token with an audience that is not a string is rejected',
    invalidToken('audience'),
    {
      'aud is an array of the resource and a number': aud([resource, 1]),
      'aud is an array of the resource and an object': aud([resource, { root: true }]),
    },
  ),
  ...tokens(
    'RFC 7519, section 4',
    'a claim that is null counts as absent, and the token is accepted',
    asAlice,
    {
      'nbf is null': claims({ nbf: null }),
      'iat is null': claims({ iat: null }),
      'client_id is null': claims({ client_id: null }),
      'scope is null, and scp has the required scope': claims({ scope: null, scp: 'read:notes' }),
    },
  ),
  ...tokens(
    'RFC 7519, section 4',
    'a subject that is null counts as absent, and the token is accepted',
    letIn({ scopes: ['read:notes'] }),
    { 'sub is null': claims({ sub: null }) },
  ),
  ...tokens(
    'RFC 7519, section 4',
    'claims that the resource does not read have no effect',
    asAlice,
    {
      'claims that say the caller is an administrator': claims({
        admin: true,
        role: 'admin',
        roles: ['admin'],
        permissions: ['*'],
      }),
      'act and may_act with another subject': claims({
        act: { sub: 'root' },
        may_act: { sub: 'root' },
      }),
      'a claim with CR LF, quotes and HTML in its name and value': claims({
        'x"\r\nSet-Cookie: a=b': '"\r\n\r\n<script>',
      }),
      'a claim 100 levels deep': claims({
        deep: JSON.parse('['.repeat(100) + ']'.repeat(100)) as unknown,
      }),
      'a claim 4000 levels deep': {
        payloadText: (json) => json.replace('{', `{"deep":${'['.repeat(4000)}${']'.repeat(4000)},`),
      },
    },
  ),
  ...tokens(
    'RFC 7519, section 4.1.2',
    'a subject may have any name, and is never looked up as a member',
    letIn({ subject: '__proto__', scopes: ['read:notes'] }),
    {
      'sub is __proto__': claims({ sub: '__proto__' }),
    },
  ),
];
