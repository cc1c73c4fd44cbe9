import { asAlice, insufficientScope, invalidToken } from '../support/answers.js';
import { tokens, type Attack } from '../support/attack.js';
import type { Forgery } from '../support/forge.js';

const REFERENCE = 'RFC 8259, section 4; CWE-1321';
const POLLUTED = '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}';

/** Returns a forgery that has a claim only in a member called `__proto__`, from which an object could inherit it. */
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
  ...tokens(REFERENCE, 'a member called __proto__ has no effect', asAlice, {
    'a payload with a polluting __proto__ and constructor': payload(POLLUTED),
    'a claim with a polluting __proto__ and constructor': payload(`"a":{${POLLUTED}}`),
    'a payload with an array as __proto__, and a claim with an array that pollutes': payload(
      '"__proto__":[1],"a":[{"__proto__":{"polluted":true}}]',
    ),
    'a payload with the claims of an administrator in __proto__': payload(
      '"__proto__":{"scope":"admin","sub":"root","iss":"x"}',
    ),
    'a payload with a __proto__ that is null': payload('"__proto__":null'),
    'claims with the names of methods': payload(
      '"hasOwnProperty":1,"toString":1,"valueOf":1,"toJSON":1,"then":1',
    ),
    'a header with a polluting __proto__ and constructor': header(POLLUTED),
    'a header with alg none in __proto__': header('"__proto__":{"alg":"none","kid":"x","typ":"x"}'),
    'header parameters with the names of methods': header(
      '"hasOwnProperty":1,"toString":1,"then":1',
    ),
  }),
  ...tokens(REFERENCE, 'a token with exp only in __proto__ is rejected', invalidToken('claim'), {
    'exp only in __proto__': inherited('exp', 9_999_999_999),
  }),
  ...tokens(REFERENCE, 'a token with aud only in __proto__ is rejected', invalidToken('audience'), {
    'aud only in __proto__': inherited('aud', 'https://api.example.com/notes'),
  }),
  ...tokens(REFERENCE, 'a token with iss only in __proto__ is rejected', invalidToken('issuer'), {
    'iss only in __proto__': (lab) => lab.forge(inherited('iss', lab.issuer.url)),
  }),
  ...tokens(
    REFERENCE,
    'a token with alg only in __proto__ is rejected',
    invalidToken('malformed'),
    {
      'alg only in __proto__': inheritedHeader('alg', 'ES256'),
    },
  ),
  ...tokens(REFERENCE, 'a scope only in __proto__ is not granted', insufficientScope(), {
    'scope only in __proto__, as a string': inherited('scope', 'read:notes'),
    'scope only in __proto__, as an array': inherited('scope', ['read:notes']),
  }),
];
