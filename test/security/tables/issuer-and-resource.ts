import {
  insufficientScope,
  invalidToken,
  letIn,
  unavailable,
  type Answer,
} from '../support/answers.js';
import { requests, tokens, type Attack } from '../support/attack.js';
import { signer } from '../support/forge.js';
import type { Laboratory } from '../support/laboratory.js';
import { ADMIN, MCP, NOTES, OPTIONAL } from '../support/places.js';

/** Returns a token that the genuine issuer signed, with another `iss`. */
const iss = (change: (url: URL, lab: Laboratory) => unknown) => (lab: Laboratory) =>
  lab.forge({ claims: { iss: change(new URL(lab.issuer.url), lab) } });

const ADMINS = { aud: ADMIN.resource, scope: 'admin' };
const letInAsAdmin: Answer = letIn({ subject: 'alice', scopes: ['admin'] });

export const issuerAndResource: Attack[] = [
  ...tokens(
    'RFC 8725, section 3.8; RFC 9207, section 2.4; RFC 8414, section 3.3',
    'a token whose iss is not exactly an authorization server of the resource is rejected',
    invalidToken('issuer'),
    {
      'no iss': iss(() => undefined),
      'iss is an empty string': iss(() => ''),
      'iss is null': iss(() => null),
      'iss is a number': iss(() => 1),
      'iss is an array of the genuine issuer': iss((url) => [url.href]),
      'iss is an object with the genuine issuer as member': iss((url) => ({ [url.href]: true })),
      'the genuine iss with a slash at the end': iss((url) => `${url.href}/`),
      'the genuine iss without its path': iss((url) => url.origin),
      'the genuine iss with a slash in place of its path': iss((url) => `${url.origin}/`),
      'the genuine iss with the path of another tenant': iss((url) => `${url.origin}/tenant2`),
      'the genuine iss with a further path segment': iss((url) => `${url.href}/x`),
      'the genuine iss with its path in another case': iss((url) => `${url.origin}/Tenant`),
      'the genuine iss with its host in capitals': iss((url) =>
        url.href.replace('localhost', 'LOCALHOST'),
      ),
      'the genuine iss with its scheme in capitals': iss((url) => url.href.replace('http', 'HTTP')),
      'the genuine iss with https in place of http': iss((url) =>
        url.href.replace('http', 'https'),
      ),
      'the genuine iss with the address in place of the host name': iss((url) =>
        url.href.replace('localhost', '127.0.0.1'),
      ),
      'the genuine iss with a dot after the host': iss((url) =>
        url.href.replace('localhost', 'localhost.'),
      ),
      'the genuine iss without the port': iss((url) => url.href.replace(`:${url.port}`, '')),
      'the genuine iss with a zero before the port': iss((url) =>
        url.href.replace(`:${url.port}`, `:0${url.port}`),
      ),
      'the genuine iss with userinfo': iss((url) =>
        url.href.replace('localhost', 'evil@localhost'),
      ),
      'the genuine iss as userinfo of another host': iss(
        (url) => `${url.href.replace('/tenant', '')}@evil.example/tenant`,
      ),
      'the genuine iss with an empty query': iss((url) => `${url.href}?`),
      'the genuine iss with an empty fragment': iss((url) => `${url.href}#`),
      'the genuine iss by way of dot segments': iss((url) => `${url.origin}/x/../tenant`),
      'the genuine iss with a percent-encoded letter': iss((url) => `${url.origin}/%74enant`),
      'the genuine iss with a backslash before its path': iss((url) => `${url.origin}\\tenant`),
      'the genuine iss and a space': iss((url) => `${url.href} `),
      'the genuine iss and a line end': iss((url) => `${url.href}\n`),
      'the genuine iss and NUL': iss((url) => `${url.href}\u0000`),
      'the genuine iss with a Cyrillic letter': iss((url) => url.href.replace('o', '\u043e')),
      'the genuine iss with a fullwidth solidus': iss((url) =>
        url.href.replace('/tenant', '\uff0ftenant'),
      ),
      'the genuine iss and a combining mark': iss((url) => `${url.href}\u0301`),
      'iss is the URL of the metadata document': iss(
        (url) => `${url.href}/.well-known/openid-configuration`,
      ),
      'iss is __proto__': iss(() => '__proto__'),
      'iss is the resource itself': iss(() => NOTES.resource),
      'iss is the server of the attacker, which signed the token': (lab) =>
        lab.forge({}, lab.stranger),
      'iss is a server that only other resources trust, which signed the token': (lab) =>
        lab.forge({}, lab.other),
    },
  ),
  ...tokens(
    'RFC 8725, section 3.8; RFC 9700, section 4.4',
    'a token that the keys of its own issuer do not verify is rejected',
    invalidToken('signature', ADMIN),
    {
      'iss is the first trusted server, and the second signed under the same kid': (lab) =>
        lab.forge({ claims: { ...ADMINS, iss: lab.issuer.url } }, lab.other),
      'iss is the second trusted server, and the first signed under the same kid': (lab) =>
        lab.forge({ claims: { ...ADMINS, iss: lab.other.url } }),
      'iss is the second trusted server, signed by a key that only the first publishes': (lab) =>
        lab.forge({
          header: { alg: 'RS256', kid: 'rsa' },
          claims: { ...ADMINS, iss: lab.other.url },
          sign: signer(lab.keys.rsa.pair.privateKey),
        }),
      'iss is the second trusted server, and the first signed without kid': (lab) =>
        lab.forge({ header: { kid: undefined }, claims: { ...ADMINS, iss: lab.other.url } }),
    },
    ADMIN,
  ),
  ...tokens(
    'RFC 8707, section 2; RFC 9700, section 2.3; RFC 9068, section 4',
    'a token for one resource of the application is rejected at another',
    invalidToken('audience', ADMIN),
    {
      'a token for the notes that was just accepted there': (lab) => lab.victim,
      'a token for the notes with the scope of the admin resource': (lab) =>
        lab.tokenFor(NOTES, 'admin'),
      'a token for the MCP resource': (lab) => lab.tokenFor(MCP, 'admin mcp'),
    },
    ADMIN,
  ),
  ...tokens(
    'RFC 8707, section 2',
    'a token for the admin resource is rejected at the notes',
    invalidToken('audience'),
    {
      'a token for the admin resource with the scopes of both resources': (lab) =>
        lab.tokenFor(ADMIN, 'admin read:notes'),
    },
  ),
  ...tokens(
    'RFC 7519, section 4.1.3',
    'a token for several resources is accepted at each of them',
    letInAsAdmin,
    {
      'a token for the notes and the admin resource, at the admin resource': {
        claims: { ...ADMINS, aud: [NOTES.resource, ADMIN.resource] },
      },
    },
    ADMIN,
  ),
  ...tokens(
    'RFC 6750, section 3.1',
    'a token for several resources needs the scopes of the one where it is used',
    insufficientScope(),
    {
      'a token for the notes and the admin resource with the scope of only the admin resource': {
        claims: { ...ADMINS, aud: [NOTES.resource, ADMIN.resource] },
      },
    },
  ),
  ...tokens(
    'RFC 9110, section 15.6.4',
    'while the authorization server does not work, no token is accepted, and none is called invalid',
    unavailable,
    {
      'a token of a server that does not work': (lab) => lab.forge({ claims: ADMINS }, lab.dark),
      'a forged token of a server that does not work': (lab) =>
        lab.forge({ claims: ADMINS, sign: signer(lab.attacker.privateKey) }, lab.dark),
      'a token without the scope, of a server that does not work': (lab) =>
        lab.forge({ claims: { ...ADMINS, scope: '' } }, lab.dark),
    },
    ADMIN,
  ),
  ...requests(
    'RFC 6750, section 3.1',
    'where the token is optional, an invalid token is rejected all the same',
    invalidToken('signature', OPTIONAL),
    {
      'a forged token where the token is optional': (lab) => ({
        path: OPTIONAL.path,
        token: lab.forge({ sign: signer(lab.attacker.privateKey) }),
      }),
      'a forged token where the token is optional, the scheme in mixed case': (lab) => ({
        path: OPTIONAL.path,
        headers: [
          'Authorization',
          `bEaReR ${lab.forge({ sign: signer(lab.attacker.privateKey) })}`,
        ],
      }),
    },
  ),
];
