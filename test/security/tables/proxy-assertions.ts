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

/** Returns a `GET` with this text in the header field of the proxy, and with further header fields. */
const asserting =
  (text: Text, ...more: string[]) =>
  (lab: Laboratory) => ({ path: PROXIED.path, headers: [ASSERTION, text(lab), ...more] });
const genuine: Text = (lab) => lab.assertion();
/** Returns an access token of Alice for the same resource. */
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
    'an access token is rejected as an assertion, and an assertion as an access token',
    invalidToken('issuer', PROXIED),
    {
      'an access token in the header field of the proxy': asserting(accessToken),
      'an access token for the audience of assertions in the header field of the proxy': asserting(
        (lab) => lab.assertion({ claims: { iss: lab.issuer.url } }, lab.issuer),
      ),
      'an assertion with the authorization server as its iss': asserting((lab) =>
        lab.assertion({ claims: { iss: lab.issuer.url } }),
      ),
      'an assertion in Authorization, for the audience of assertions': elsewhere(
        PROXIED.path,
        'Authorization',
        (lab) => `Bearer ${lab.assertion()}`,
      ),
      'an assertion in Authorization, for the resource': elsewhere(
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
    'an assertion is rejected unless the proxy signed it, and an access token unless the authorization server did',
    invalidToken('signature', PROXIED),
    {
      'an assertion signed with the key of the authorization server': asserting((lab) =>
        lab.assertion({}, lab.issuer),
      ),
      'an assertion signed with the key of the attacker': asserting((lab) =>
        lab.assertion({}, lab.stranger),
      ),
      'an access token signed with the key of the proxy': elsewhere(
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
    'an assertion that is not signed with a key pair is rejected',
    invalidToken('algorithm', PROXIED),
    {
      'an assertion with alg none and an empty signature': asserting((lab) =>
        lab.assertion({ header: { alg: 'none' }, sign: () => '' }),
      ),
      'an assertion with HS256 and the public key of the proxy as secret': asserting((lab) =>
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
    'an assertion for another audience is rejected',
    invalidToken('audience', PROXIED),
    {
      'an assertion for another application behind the proxy': asserting((lab) =>
        lab.assertion({ claims: { aud: ['another'] } }),
      ),
      'an assertion for the resource in place of the application': asserting((lab) =>
        lab.assertion({ claims: { aud: PROXIED.resource } }),
      ),
      'an assertion without an audience': asserting((lab) =>
        lab.assertion({ claims: { aud: undefined } }),
      ),
    },
  ),
  ...requests(
    'RFC 6750, section 2 and 3.1',
    'a request with an assertion and an access token is invalid',
    unclear('two identities', PROXIED),
    {
      'an assertion and an access token': (lab) =>
        asserting(genuine, 'Authorization', `Bearer ${accessToken(lab)}`)(lab),
      'an assertion and a token after the scheme DPoP': (lab) =>
        asserting(genuine, 'Authorization', `DPoP ${accessToken(lab)}`)(lab),
      'an assertion and a malformed token': asserting(genuine, 'Authorization', 'Bearer x'),
      'an assertion and Bearer without a token': asserting(genuine, 'Authorization', 'Bearer'),
      'a malformed assertion and an access token': (lab) =>
        asserting(() => 'x', 'Authorization', `Bearer ${accessToken(lab)}`)(lab),
    },
  ),
  ...requests(
    'RFC 9110, section 5.3',
    'a request with two header fields of the proxy is invalid',
    unreadable('characters', PROXIED),
    {
      'two header fields of the proxy': (lab) => asserting(genuine, ASSERTION, genuine(lab))(lab),
      'two header fields of the proxy, one in lower case': (lab) =>
        asserting(genuine, ASSERTION.toLowerCase(), genuine(lab))(lab),
      'two header fields of the proxy, the first empty': (lab) =>
        asserting(() => '', ASSERTION, genuine(lab))(lab),
      'two header fields of the proxy, the second empty': asserting(genuine, ASSERTION, ''),
    },
  ),
  ...requests(
    'RFC 7515, section 7.1',
    'a header field of the proxy with anything but one JWT is invalid',
    unreadable('characters', PROXIED),
    {
      'two assertions with a comma between them': asserting(
        (lab) => `${genuine(lab)},${genuine(lab)}`,
      ),
      'two assertions with a space between them': asserting(
        (lab) => `${genuine(lab)} ${genuine(lab)}`,
      ),
      'a scheme before the assertion': asserting((lab) => `Bearer ${genuine(lab)}`),
      'an empty header field of the proxy': asserting(() => ''),
      'an assertion in quotes': asserting((lab) => `"${genuine(lab)}"`),
      'a letter with an accent after the assertion': asserting((lab) => `${genuine(lab)}\u00e9`),
    },
  ),
  ...requests(
    'CWE-290',
    'an assertion that did not come from the address of the proxy is invalid',
    unclear('another sender', BEHIND),
    {
      'an assertion from another machine': elsewhere(BEHIND.path, ASSERTION, genuine),
      'an assertion from another machine, with headers that say it is the proxy': elsewhere(
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
  ...requests('CWE-352', 'a request from a page of another site is denied', foreignPage, {
    'a POST with an assertion, from a page of another site': posting('https://evil.example.com'),
    'a POST with an assertion, from the origin null of a sandbox': posting('null'),
    'a POST with an assertion, from a host that continues the own host': posting(
      'https://api.example.com.evil.example.com',
    ),
    'a POST with an assertion, from the own host over http': posting('http://api.example.com'),
    'a GET with an assertion, from a page of another site': (lab) =>
      asserting(genuine, 'Origin', 'https://evil.example.com')(lab),
    'a GET with an assertion, from a page of another site where the token is optional': elsewhere(
      PROXIED_OPTIONAL.path,
      ASSERTION,
      genuine,
      'Origin',
      'https://evil.example.com',
    ),
  }),
  ...requests(
    'RFC 9110, section 5.1',
    'an assertion is read only from the header field of the proxy',
    unauthorized(PROXIED),
    {
      'an assertion in the cookie that the proxy sets': elsewhere(
        PROXIED.path,
        'Cookie',
        (lab) => `CF_Authorization=${lab.assertion()}`,
      ),
      'an assertion in a header field with underscores': elsewhere(
        PROXIED.path,
        ASSERTION.replaceAll('-', '_'),
        genuine,
      ),
      'an assertion in the header field of another proxy': elsewhere(
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
    'an assertion is not read at a resource without a proxy',
    unauthorized(),
    { 'an assertion at a resource without a proxy': elsewhere(NOTES.path, ASSERTION, genuine) },
  ),
  ...requests(
    'CWE-400',
    'an assertion that is not a JWT is rejected as malformed, whatever its size',
    invalidToken('malformed', PROXIED),
    {
      'an assertion of fifteen thousand letters': asserting(() => 'A'.repeat(15_000)),
      'an assertion of fifteen thousand dots': asserting(() => '.'.repeat(15_000)),
      'an assertion with segments that are not JSON': asserting(
        () => `${segment('x')}.${segment('y')}.AAAA`,
      ),
    },
  ),
  ...requests('CWE-400', 'the HTTP server rejects a header that is too large', outside(431), {
    'an assertion of forty thousand letters': asserting(() => 'A'.repeat(40_000)),
  }),
];
