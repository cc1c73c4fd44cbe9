import { createPrivateKey, X509Certificate } from 'node:crypto';
import { SELF_SIGNED } from '../../support/self-signed.js';
import { asAlice, invalidToken } from '../support/answers.js';
import { tokens, type Attack } from '../support/attack.js';
import type { Forgery } from '../support/forge.js';
import { signer } from '../support/forge.js';
import type { Laboratory } from '../support/laboratory.js';

const unsigned = (alg: unknown): Forgery => ({ header: { alg }, sign: () => '' });
const header = (more: Record<string, unknown>): Forgery => ({ header: more });
const typ = (value: unknown): Forgery => header({ typ: value });

/** Returns a token that the attacker signed, with a header that points to the attacker's key. */
const pointing = (more: (lab: Laboratory) => Record<string, unknown>) => (lab: Laboratory) =>
  lab.forge({ header: more(lab), sign: signer(lab.attacker.privateKey) });
const certificate = new X509Certificate(SELF_SIGNED.cert);
const kid = (value: unknown) => pointing(() => ({ kid: value }));

const attackersJwk = ({ attacker }: Laboratory) => attacker.publicKey.export({ format: 'jwk' });

export const jwsHeader: Attack[] = [
  ...tokens(
    'RFC 8725, section 3.1 and 3.2',
    'a token with an algorithm that the resource does not accept is rejected',
    invalidToken('algorithm'),
    {
      'alg is none, without a signature': unsigned('none'),
      'alg is None, without a signature': unsigned('None'),
      'alg is nOnE, without a signature': unsigned('nOnE'),
      'alg is NONE, without a signature': unsigned('NONE'),
      'alg is none and a space, without a signature': unsigned('none '),
      'alg is none, with a signature of the genuine key': header({ alg: 'none' }),
      'alg is the genuine algorithm in lower case': header({ alg: 'es256' }),
      'alg is the genuine algorithm and a space': header({ alg: 'ES256 ' }),
      'alg is the genuine algorithm and NUL': header({ alg: 'ES256\u0000' }),
      'alg is the genuine algorithm with a Cyrillic letter': header({ alg: '\u0415S256' }),
      'alg is __proto__': header({ alg: '__proto__' }),
      'alg is the word constructor': header({ alg: 'constructor' }),
      'alg is ES256K': header({ alg: 'ES256K' }),
      'alg is RS1, which is SHA-1': header({ alg: 'RS1' }),
      'alg is dir, which is key management': header({ alg: 'dir' }),
      'alg is ECDH-ES, which is key agreement': header({ alg: 'ECDH-ES' }),
    },
  ),
  ...tokens(
    'RFC 7515, section 4.1.1',
    'a token without a string as alg is rejected',
    invalidToken('malformed'),
    {
      'no alg': header({ alg: undefined }),
      'alg is an empty string': header({ alg: '' }),
      'alg is null': header({ alg: null }),
      'alg is a number': header({ alg: 256 }),
      'alg is true': header({ alg: true }),
      'alg is an array of an accepted algorithm': header({ alg: ['ES256'] }),
      'alg is an object with an accepted algorithm as member': header({ alg: { ES256: true } }),
      'no alg, and an accepted algorithm as ALG': header({ alg: undefined, ALG: 'ES256' }),
    },
  ),
  ...tokens(
    'RFC 8725, section 3.11; RFC 9068, section 2.1',
    'a token whose typ is neither at+jwt nor JWT nor absent is rejected',
    invalidToken('type'),
    {
      'typ is the type of a DPoP proof': typ('dpop+jwt'),
      'typ is the type of a logout token': typ('logout+jwt'),
      'typ is the type of a security event': typ('secevent+jwt'),
      'typ is the type of an introspection response': typ('token-introspection+jwt'),
      'typ is the type of an authorization request': typ('oauth-authz-req+jwt'),
      'typ is the type of a client assertion': typ('client-authentication+jwt'),
      'typ is the type of a verifiable credential': typ('dc+sd-jwt'),
      'typ is JOSE+JSON, another serialization': typ('JOSE+JSON'),
      'typ is an empty string': typ(''),
      'typ is null': typ(null),
      'typ is a number': typ(1),
      'typ is an array of an accepted type': typ(['at+jwt']),
      'typ is an object with an accepted type as toString': typ({ toString: 'at+jwt' }),
      'typ is an accepted type after a space': typ(' at+jwt'),
      'typ is an accepted type and NUL': typ('at+jwt\u0000'),
      'typ is an accepted type with a parameter': typ('at+jwt; charset=utf-8'),
      'typ is an accepted type with the prefix application/ twice': typ(
        'application/application/at+jwt',
      ),
      'typ is an accepted type with the prefix text/': typ('text/at+jwt'),
      'typ is __proto__': typ('__proto__'),
    },
  ),
  ...tokens(
    'RFC 7515, section 4.1.11',
    'a token with an unknown critical extension is rejected',
    invalidToken('signature'),
    {
      'crit names an unknown extension': header({
        crit: ['http://x.example/a'],
        'http://x.example/a': 1,
      }),
      'crit names a registered claim': header({ crit: ['exp'], exp: 9_999_999_999 }),
      'crit names a header parameter of JWS': header({ crit: ['alg'] }),
      'crit names __proto__': header({ crit: ['__proto__'] }),
      'crit names constructor': header({ crit: ['constructor'] }),
      'crit names a thousand extensions': header({
        crit: Array.from({ length: 1000 }, (_, i) => `x${i}`),
      }),
    },
  ),
  ...tokens(
    'RFC 7515, section 4.1.11; RFC 7797, section 7',
    'a token with an invalid crit, or with a payload that is not base64url, is rejected',
    invalidToken('malformed'),
    {
      'crit is an empty array': header({ crit: [] }),
      'crit is null': header({ crit: null }),
      'crit is a string': header({ crit: 'b64', b64: true }),
      'crit is an object': header({ crit: { b64: true } }),
      'crit is an array of an empty string': header({ crit: [''] }),
      'crit is an array of a number': header({ crit: [1] }),
      'crit names b64, which the header does not have': header({ crit: ['b64'] }),
      'b64 is false and critical, signed over the encoded payload': header({
        crit: ['b64'],
        b64: false,
      }),
      'b64 is a string and critical': header({ crit: ['b64'], b64: 'false' }),
    },
  ),
  ...tokens(
    'RFC 8725, section 3.10; RFC 7515, section 4.1.2 to 4.1.6',
    'a key in the token, or at a URL in the token, is not used',
    invalidToken('signature'),
    {
      'jku is a JWK Set of the attacker, without kid': pointing((lab) => ({
        jku: `${lab.stranger.url}/jwks`,
        kid: undefined,
      })),
      'jku is a JWK Set of the attacker, with the genuine kid': pointing((lab) => ({
        jku: `${lab.stranger.url}/jwks`,
      })),
      'jku is an array of a JWK Set of the attacker': pointing((lab) => ({
        jku: [`${lab.stranger.url}/jwks`],
      })),
      'jku is a URL of the issuer with the JWK Set of the attacker in its query': pointing(
        (lab) => ({
          jku: `${lab.issuer.url}/jwks?next=${lab.stranger.url}`,
        }),
      ),
      'jku is the metadata service of a cloud': pointing(() => ({
        jku: 'http://169.254.169.254/latest/meta-data',
      })),
      'jku is a file': pointing(() => ({ jku: 'file:///dev/null' })),
      'x5u is a certificate of the attacker, without kid': pointing((lab) => ({
        x5u: `${lab.stranger.url}/cert`,
        kid: undefined,
      })),
      'jwk is a key of the attacker, without kid': pointing((lab) => ({
        jwk: attackersJwk(lab),
        kid: undefined,
      })),
      'jwk is a key of the attacker, with the genuine kid': pointing((lab) => ({
        jwk: { ...attackersJwk(lab), kid: lab.issuer.kid },
      })),
      'jwk is a key of the attacker, with its own kid': pointing((lab) => ({
        jwk: { ...attackersJwk(lab), kid: 'mine' },
        kid: 'mine',
      })),
      'x5c is a certificate of the attacker, without kid': {
        header: { x5c: [certificate.raw.toString('base64')], kid: undefined },
        sign: signer(createPrivateKey(SELF_SIGNED.key)),
      },
      'x5t and x5t#S256 are made-up hashes, without kid': pointing(() => ({
        x5t: 'AAAA',
        'x5t#S256': 'AAAA',
        kid: undefined,
      })),
    },
  ),
  ...tokens(
    'RFC 8725, section 3.10; RFC 7515, section 4.1.4',
    'a token whose kid is not a published key id is rejected',
    invalidToken('signature'),
    {
      'kid is an unknown id': kid('unknown'),
      'kid is an empty string': kid(''),
      'kid is a relative path to an empty file': kid('../../../../../../dev/null'),
      'kid is an absolute path to a file': kid('/etc/hostname'),
      'kid is SQL': kid("x' UNION SELECT 'key' -- "),
      'kid is a shell command': kid('key.pem; cat /etc/passwd | '),
      'kid is a URL of the attacker': pointing((lab) => ({ kid: `${lab.stranger.url}/jwks` })),
      'kid has CR LF and a header field': kid('x\r\nSet-Cookie: a=b'),
      'kid is the genuine kid and NUL': pointing((lab) => ({ kid: `${lab.issuer.kid}\u0000` })),
      'kid is the genuine kid in capitals': pointing((lab) => ({
        kid: lab.issuer.kid.toUpperCase(),
      })),
      'kid is __proto__': kid('__proto__'),
      'kid is the word constructor': kid('constructor'),
      'kid is the word length': kid('length'),
      'kid is the string 0': kid('0'),
      'kid is ten thousand characters': kid('k'.repeat(10_000)),
      'kid is an array of the genuine kid, signed with the genuine key': (lab) =>
        lab.forge({ header: { kid: [lab.issuer.kid] } }),
      'kid is an object, signed with the genuine key': (lab) =>
        lab.forge({ header: { kid: { toString: lab.issuer.kid } } }),
      'kid is a number, signed with the genuine key': (lab) => lab.forge({ header: { kid: 0 } }),
      'kid is null, signed with the genuine key': (lab) => lab.forge({ header: { kid: null } }),
      'kid is true, signed with the genuine key': (lab) => lab.forge({ header: { kid: true } }),
      'no kid, signed by the attacker': kid(undefined),
    },
  ),
  ...tokens('RFC 7515, section 4', 'header parameters that are not used have no effect', asAlice, {
    'cty is JWT over a claims set': header({ cty: 'JWT' }),
    'a header zip, which JWS does not have': header({ zip: 'DEF' }),
    'a header enc, which JWS does not have': header({ enc: 'A256GCM' }),
    'b64 is false and not critical': header({ b64: false }),
    'a genuine token with a JWK Set of the attacker as jku': (lab) =>
      lab.forge({ header: { jku: `${lab.stranger.url}/jwks` } }),
    'a genuine token with other claims in the header': header({
      scope: 'admin',
      sub: 'root',
      iss: 'x',
      aud: 'x',
    }),
  }),
];
