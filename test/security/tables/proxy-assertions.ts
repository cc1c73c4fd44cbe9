import { createHmac, createPublicKey } from 'node:crypto';
import {
  foreignPage,
  invalidToken,
  outside,
  unauthorized,
  unclear,
  unreadable,
} from '../support/answers.js';
import { requests, type Attack } from '../support/attack.js';
import { segment } from '../support/forge.js';
import { ASSERTION, type Laboratory } from '../support/laboratory.js';
import { BEHIND, NOTES, PROXIED, PROXIED_OPTIONAL } from '../support/places.js';

type Text = (lab: Laboratory) => string;

/** `GET` with this in the field of the proxy, and further fields. */
const asserting =
  (text: Text, ...more: string[]) =>
  (lab: Laboratory) => ({ path: PROXIED.path, headers: [ASSERTION, text(lab), ...more] });
const genuine: Text = (lab) => lab.assertion();
/** Makes an access token of Alice for the same resource. */
const accessToken: Text = (lab) => lab.tokenFor(PROXIED, 'read:notes');
const elsewhere =
  (path: string, ...headers: (string | Text)[]) =>
  (lab: Laboratory) => ({
    path,
    headers: headers.map((part) => (typeof part === 'string' ? part : part(lab))),
  });
const posting = (origin: string) => (lab: Laboratory) => ({
  method: 'POST',
  path: PROXIED.path,
  headers: [ASSERTION, lab.assertion(), 'Origin', origin],
});

export const proxyAssertions: Attack[] = [
  ...requests(
    'RFC 8725, section 3.8 and 3.12',
    'an access token is no assertion, and an assertion no access token',
    invalidToken('issuer', PROXIED),
    {
      'an access token in the field of the proxy': asserting(accessToken),
      'an access token for the proxy’s audience in its field': asserting((lab) =>
        lab.assertion({ claims: { iss: lab.issuer.url } }, lab.issuer),
      ),
      'an assertion that names the authorization server': asserting((lab) =>
        lab.assertion({ claims: { iss: lab.issuer.url } }),
      ),
      'an assertion in Authorization': elsewhere(
        PROXIED.path,
        'Authorization',
        (lab) => `Bearer ${lab.assertion()}`,
      ),
      'an assertion for the resource in Authorization': elsewhere(
        PROXIED.path,
        'Authorization',
        (lab) => `Bearer ${lab.assertion({ claims: { aud: PROXIED.resource } })}`,
      ),
      'an assertion of an untrusted issuer': asserting((lab) =>
        lab.assertion({ claims: { iss: lab.stranger.url } }, lab.stranger),
      ),
    },
  ),
  ...requests(
    'RFC 8725, section 3.1 and 3.8',
    'only the key of the proxy signs an assertion, and only that of the server an access token',
    invalidToken('signature', PROXIED),
    {
      'an assertion by the key of the authorization server': asserting((lab) =>
        lab.assertion({}, lab.issuer),
      ),
      'an assertion by a key of an attacker': asserting((lab) => lab.assertion({}, lab.stranger)),
      'an access token by the key of the proxy': elsewhere(
        PROXIED.path,
        'Authorization',
        (lab) =>
          `Bearer ${lab.assertion({ claims: { iss: lab.issuer.url, aud: PROXIED.resource } })}`,
      ),
      'an assertion with an empty signature': asserting((lab) => lab.assertion({ sign: () => '' })),
    },
  ),
  ...requests(
    'RFC 8725, section 2.1 and 3.1',
    'an assertion is signed with a key pair',
    invalidToken('algorithm', PROXIED),
    {
      'an assertion with alg none': asserting((lab) =>
        lab.assertion({ header: { alg: 'none' }, sign: () => '' }),
      ),
      'an assertion by HS256 with the public key': asserting((lab) =>
        lab.assertion({
          header: { alg: 'HS256' },
          sign: (input) => {
            const key = createPublicKey(lab.key(lab.proxy));
            const pem = key.export({ format: 'pem', type: 'spki' });
            return createHmac('sha256', pem).update(input).digest();
          },
        }),
      ),
    },
  ),
  ...requests(
    'RFC 7519, section 4.1.3',
    'an assertion is for this application',
    invalidToken('audience', PROXIED),
    {
      'an assertion for another application behind the proxy': asserting((lab) =>
        lab.assertion({ claims: { aud: ['another'] } }),
      ),
      'an assertion for the resource': asserting((lab) =>
        lab.assertion({ claims: { aud: PROXIED.resource } }),
      ),
      'an assertion for nobody': asserting((lab) => lab.assertion({ claims: { aud: undefined } })),
    },
  ),
  ...requests(
    'RFC 6750, section 2 and 3.1',
    'one request has one caller',
    unclear('two identities', PROXIED),
    {
      'an assertion and an access token': (lab) =>
        asserting(genuine, 'Authorization', `Bearer ${accessToken(lab)}`)(lab),
      'an assertion and a token by DPoP': (lab) =>
        asserting(genuine, 'Authorization', `DPoP ${accessToken(lab)}`)(lab),
      'an assertion and an unknown token': asserting(genuine, 'Authorization', 'Bearer x'),
      'an assertion and Bearer without a token': asserting(genuine, 'Authorization', 'Bearer'),
      'an unknown assertion and an access token': (lab) =>
        asserting(() => 'x', 'Authorization', `Bearer ${accessToken(lab)}`)(lab),
    },
  ),
  ...requests(
    'RFC 9110, section 5.3',
    'one field of the proxy holds one assertion',
    unreadable('characters', PROXIED),
    {
      'the field of the proxy twice': (lab) => asserting(genuine, ASSERTION, genuine(lab))(lab),
      'the field of the proxy twice, in another case': (lab) =>
        asserting(genuine, ASSERTION.toLowerCase(), genuine(lab))(lab),
      'an empty field of the proxy first': (lab) =>
        asserting(() => '', ASSERTION, genuine(lab))(lab),
      'an empty field of the proxy last': asserting(genuine, ASSERTION, ''),
    },
  ),
  ...requests(
    'RFC 7515, section 7.1',
    'the field of the proxy holds a JWT and nothing else',
    unreadable('characters', PROXIED),
    {
      'two assertions after a comma': asserting((lab) => `${genuine(lab)},${genuine(lab)}`),
      'two assertions after a space': asserting((lab) => `${genuine(lab)} ${genuine(lab)}`),
      'a scheme before the assertion': asserting((lab) => `Bearer ${genuine(lab)}`),
      'an empty assertion': asserting(() => ''),
      'an assertion in quotes': asserting((lab) => `"${genuine(lab)}"`),
      'a letter with an accent after the assertion': asserting((lab) => `${genuine(lab)}\u00e9`),
    },
  ),
  ...requests(
    'CWE-290',
    'the field of the proxy comes from the proxy',
    unclear('another sender', BEHIND),
    {
      'an assertion from another machine': elsewhere(BEHIND.path, ASSERTION, genuine),
      'an assertion from another machine that says it is the proxy': elsewhere(
        BEHIND.path,
        ASSERTION,
        genuine,
        'X-Forwarded-For',
        '10.0.0.1',
        'Forwarded',
        'for=10.0.0.1',
        'X-Real-IP',
        '10.0.0.1',
      ),
      'a forged assertion from another machine': elsewhere(BEHIND.path, ASSERTION, 'x'),
    },
  ),
  ...requests(
    'CWE-352',
    'a page of another site does not call as the user of the browser',
    foreignPage,
    {
      'a form of another site': posting('https://evil.example.com'),
      'a form in a sandbox': posting('null'),
      'a page of a neighbour of the site': posting('https://api.example.com.evil.example.com'),
      'a page of the site without TLS': posting('http://api.example.com'),
      'a script of another site that reads': (lab) =>
        asserting(genuine, 'Origin', 'https://evil.example.com')(lab),
      'a script of another site, where a token is not needed': elsewhere(
        PROXIED_OPTIONAL.path,
        ASSERTION,
        genuine,
        'Origin',
        'https://evil.example.com',
      ),
    },
  ),
  ...requests(
    'RFC 9110, section 5.1',
    'nothing but the field of the proxy holds an assertion',
    unauthorized(PROXIED),
    {
      'an assertion in the cookie of the proxy': elsewhere(
        PROXIED.path,
        'Cookie',
        (lab) => `CF_Authorization=${lab.assertion()}`,
      ),
      'an assertion under a similar name': elsewhere(
        PROXIED.path,
        ASSERTION.replaceAll('-', '_'),
        genuine,
      ),
      'an assertion in the field of another proxy': elsewhere(
        PROXIED.path,
        'X-Goog-Iap-Jwt-Assertion',
        genuine,
      ),
      'an assertion in the query': (lab) => ({
        path: `${PROXIED.path}?${ASSERTION}=${lab.assertion()}`,
      }),
    },
  ),
  ...requests(
    'RFC 9728, section 3',
    'an assertion is for the resources that are behind the proxy',
    unauthorized(),
    { 'an assertion at a resource without a proxy': elsewhere(NOTES.path, ASSERTION, genuine) },
  ),
  ...requests(
    'CWE-400',
    'an assertion that cannot be one costs little',
    invalidToken('malformed', PROXIED),
    {
      'an assertion of fifteen thousand letters': asserting(() => 'A'.repeat(15_000)),
      'an assertion of fifteen thousand dots': asserting(() => '.'.repeat(15_000)),
      'an assertion that is not JSON': asserting(() => `${segment('x')}.${segment('y')}.AAAA`),
    },
  ),
  ...requests('CWE-400', 'a header has a greatest size', outside(431), {
    'an assertion of forty thousand letters': asserting(() => 'A'.repeat(40_000)),
  }),
];
