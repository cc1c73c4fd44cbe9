import { asAlice, insufficientScope, invalidToken } from '../support/answers.js';
import { tokens, type Attack } from '../support/attack.js';
import type { Forgery } from '../support/forge.js';

const REFERENCE = 'RFC 8259, section 4; CWE-1321';
const POLLUTED = '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}';

/** The member moved to where an object inherits from, were it taken for a prototype. */
const inherited = (name: string, value: unknown): Forgery => ({
  claims: { [name]: undefined },
  payloadText: (json) => json.replace('{', `{"__proto__":${JSON.stringify({ [name]: value })},`),
});
const inheritedHeader = (name: string, value: unknown): Forgery => ({
  header: { [name]: undefined },
  headerText: (json) => json.replace('{', `{"__proto__":${JSON.stringify({ [name]: value })},`),
});
const payload = (members: string): Forgery => ({
  payloadText: (json) => json.replace('{', `{${members},`),
});
const header = (members: string): Forgery => ({
  headerText: (json) => json.replace('{', `{${members},`),
});

export const prototypePollution: Attack[] = [
  ...tokens(REFERENCE, 'a member called __proto__ is a member', asAlice, {
    'a payload that pollutes': payload(POLLUTED),
    'a payload that pollutes by a claim within': payload(`"a":{${POLLUTED}}`),
    'a payload that pollutes by an array': payload(
      '"__proto__":[1],"a":[{"__proto__":{"polluted":true}}]',
    ),
    'a payload that inherits an administrator': payload(
      '"__proto__":{"scope":"admin","sub":"root","iss":"x"}',
    ),
    'a payload whose __proto__ is null': payload('"__proto__":null'),
    'a payload with the names of methods': payload(
      '"hasOwnProperty":1,"toString":1,"valueOf":1,"toJSON":1,"then":1',
    ),
    'a header that pollutes': header(POLLUTED),
    'a header that inherits none': header('"__proto__":{"alg":"none","kid":"x","typ":"x"}'),
    'a header with the names of methods': header('"hasOwnProperty":1,"toString":1,"then":1'),
  }),
  ...tokens(REFERENCE, 'what is inherited is not there', invalidToken('claim'), {
    'exp inherited': inherited('exp', 9_999_999_999),
  }),
  ...tokens(REFERENCE, 'an audience that is inherited is none', invalidToken('audience'), {
    'aud inherited': inherited('aud', 'https://api.example.com/notes'),
  }),
  ...tokens(REFERENCE, 'an issuer that is inherited is none', invalidToken('issuer'), {
    'iss inherited': (lab) => lab.forge(inherited('iss', lab.issuer.url)),
  }),
  ...tokens(REFERENCE, 'an algorithm that is inherited is none', invalidToken('malformed'), {
    'alg inherited': inheritedHeader('alg', 'ES256'),
  }),
  ...tokens(REFERENCE, 'a scope that is inherited is none', insufficientScope(), {
    'scope inherited': inherited('scope', 'read:notes'),
    'scope inherited by an array': inherited('scope', ['read:notes']),
  }),
];
