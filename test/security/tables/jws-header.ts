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

/** Makes a token that the attacker signed, with a header that points to the attacker's key. */
const pointing = (more: (lab: Laboratory) => Record<string, unknown>) => (lab: Laboratory) =>
  lab.forge({ header: more(lab), sign: signer(lab.attacker.privateKey) });
const certificate = new X509Certificate(SELF_SIGNED.cert);
const kid = (value: unknown) => pointing(() => ({ kid: value }));

const attackersJwk = ({ attacker }: Laboratory) => attacker.publicKey.export({ format: 'jwk' });

export const jwsHeader: Attack[] = [
  ...tokens(
    'RFC 8725, section 3.1 and 3.2',
    'alg is one of the algorithms that the resource accepts',
    invalidToken('algorithm'),
    {
      'alg none, unsigned': unsigned('none'),
      'alg None, unsigned': unsigned('None'),
      'alg nOnE, unsigned': unsigned('nOnE'),
      'alg NONE, unsigned': unsigned('NONE'),
      'alg none and a space, unsigned': unsigned('none '),
      'alg none, signed with the genuine key': header({ alg: 'none' }),
      'alg in lower case': header({ alg: 'es256' }),
      'alg and a space': header({ alg: 'ES256 ' }),
      'alg and NUL': header({ alg: 'ES256\u0000' }),
      'alg with a homoglyph': header({ alg: '\u0415S256' }),
      'alg __proto__': header({ alg: '__proto__' }),
      'alg constructor': header({ alg: 'constructor' }),
      'alg ES256K': header({ alg: 'ES256K' }),
      'alg RS1 (SHA-1)': header({ alg: 'RS1' }),
      'alg of key management (dir)': header({ alg: 'dir' }),
      'alg of key agreement (ECDH-ES)': header({ alg: 'ECDH-ES' }),
    },
  ),
  ...tokens('RFC 7515, section 4.1.1', 'alg is there, and a string', invalidToken('malformed'), {
    'alg left out': header({ alg: undefined }),
    'alg empty': header({ alg: '' }),
    'alg null': header({ alg: null }),
    'alg a number': header({ alg: 256 }),
    'alg true': header({ alg: true }),
    'alg an array of an accepted one': header({ alg: ['ES256'] }),
    'alg an object': header({ alg: { ES256: true } }),
    'alg in capitals as a member': header({ alg: undefined, ALG: 'ES256' }),
  }),
  ...tokens(
    'RFC 8725, section 3.11; RFC 9068, section 2.1',
    'typ is at+jwt, JWT or absent',
    invalidToken('type'),
    {
      'typ of a DPoP proof': typ('dpop+jwt'),
      'typ of a logout token': typ('logout+jwt'),
      'typ of a security event': typ('secevent+jwt'),
      'typ of an introspection response': typ('token-introspection+jwt'),
      'typ of an authorization request': typ('oauth-authz-req+jwt'),
      'typ of a client assertion': typ('client-authentication+jwt'),
      'typ of a verifiable credential': typ('dc+sd-jwt'),
      'typ of another serialization': typ('JOSE+JSON'),
      'typ empty': typ(''),
      'typ null': typ(null),
      'typ a number': typ(1),
      'typ an array of an accepted one': typ(['at+jwt']),
      'typ an object': typ({ toString: 'at+jwt' }),
      'typ after a space': typ(' at+jwt'),
      'typ and NUL': typ('at+jwt\u0000'),
      'typ with a parameter': typ('at+jwt; charset=utf-8'),
      'typ with the prefix twice': typ('application/application/at+jwt'),
      'typ of another top-level type': typ('text/at+jwt'),
      'typ __proto__': typ('__proto__'),
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
    'crit lists parameters that the header has, and the payload is always base64url',
    invalidToken('malformed'),
    {
      'crit empty': header({ crit: [] }),
      'crit null': header({ crit: null }),
      'crit a string': header({ crit: 'b64', b64: true }),
      'crit an object': header({ crit: { b64: true } }),
      'crit of an empty name': header({ crit: [''] }),
      'crit of a number': header({ crit: [1] }),
      'crit names what is not there': header({ crit: ['b64'] }),
      'b64 false, signed over the encoded payload': header({ crit: ['b64'], b64: false }),
      'b64 a string': header({ crit: ['b64'], b64: 'false' }),
    },
  ),
  ...tokens(
    'RFC 8725, section 3.10; RFC 7515, section 4.1.2 to 4.1.6',
    'no key is taken from the token, nor from where the token says',
    invalidToken('signature'),
    {
      'jku of the attacker': pointing((lab) => ({
        jku: `${lab.stranger.url}/jwks`,
        kid: undefined,
      })),
      'jku of the attacker, under the genuine kid': pointing((lab) => ({
        jku: `${lab.stranger.url}/jwks`,
      })),
      'jku in the array form': pointing((lab) => ({ jku: [`${lab.stranger.url}/jwks`] })),
      'jku by way of the issuer': pointing((lab) => ({
        jku: `${lab.issuer.url}/jwks?next=${lab.stranger.url}`,
      })),
      "jku of the cloud's metadata service": pointing(() => ({
        jku: 'http://169.254.169.254/latest/meta-data',
      })),
      'jku of a file': pointing(() => ({ jku: 'file:///dev/null' })),
      'x5u of the attacker': pointing((lab) => ({
        x5u: `${lab.stranger.url}/cert`,
        kid: undefined,
      })),
      'jwk of the attacker': pointing((lab) => ({ jwk: attackersJwk(lab), kid: undefined })),
      'jwk of the attacker, under the genuine kid': pointing((lab) => ({
        jwk: { ...attackersJwk(lab), kid: lab.issuer.kid },
      })),
      'jwk of the attacker, under its own kid': pointing((lab) => ({
        jwk: { ...attackersJwk(lab), kid: 'mine' },
        kid: 'mine',
      })),
      'x5c of the attacker': {
        header: { x5c: [certificate.raw.toString('base64')], kid: undefined },
        sign: signer(createPrivateKey(SELF_SIGNED.key)),
      },
      'x5t of anything': pointing(() => ({ x5t: 'AAAA', 'x5t#S256': 'AAAA', kid: undefined })),
    },
  ),
  ...tokens(
    'RFC 8725, section 3.10; RFC 7515, section 4.1.4',
    'kid is only compared with the published key ids',
    invalidToken('signature'),
    {
      'kid unknown': kid('unknown'),
      'kid empty': kid(''),
      'kid of a path to an empty file': kid('../../../../../../dev/null'),
      'kid of an absolute path': kid('/etc/hostname'),
      'kid of SQL': kid("x' UNION SELECT 'key' -- "),
      'kid of a shell command': kid('key.pem; cat /etc/passwd | '),
      'kid of a URL': pointing((lab) => ({ kid: `${lab.stranger.url}/jwks` })),
      'kid with CR LF': kid('x\r\nSet-Cookie: a=b'),
      'kid with NUL after the genuine one': pointing((lab) => ({ kid: `${lab.issuer.kid}\u0000` })),
      'kid in another case': pointing((lab) => ({ kid: lab.issuer.kid.toUpperCase() })),
      'kid __proto__': kid('__proto__'),
      'kid constructor': kid('constructor'),
      'kid length': kid('length'),
      'kid 0': kid('0'),
      'kid of ten thousand characters': kid('k'.repeat(10_000)),
      'kid an array of the genuine one, genuinely signed': (lab) =>
        lab.forge({ header: { kid: [lab.issuer.kid] } }),
      'kid an object': (lab) => lab.forge({ header: { kid: { toString: lab.issuer.kid } } }),
      'kid a number': (lab) => lab.forge({ header: { kid: 0 } }),
      'kid null': (lab) => lab.forge({ header: { kid: null } }),
      'kid true': (lab) => lab.forge({ header: { kid: true } }),
      'kid left out, signed by the attacker': kid(undefined),
    },
  ),
  ...tokens('RFC 7515, section 4', 'header parameters that are not used have no effect', asAlice, {
    'cty JWT over a claims set': header({ cty: 'JWT' }),
    'zip, which JWS does not have': header({ zip: 'DEF' }),
    'enc, which JWS does not have': header({ enc: 'A256GCM' }),
    'b64 false that is not critical': header({ b64: false }),
    'jku of the attacker in a genuine token': (lab) =>
      lab.forge({ header: { jku: `${lab.stranger.url}/jwks` } }),
    'claims in the header': header({ scope: 'admin', sub: 'root', iss: 'x', aud: 'x' }),
  }),
];
