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

/** Makes a token of the genuine issuer with another `iss`. */
const iss = (change: (url: URL, lab: Laboratory) => unknown) => (lab: Laboratory) =>
  lab.forge({ claims: { iss: change(new URL(lab.issuer.url), lab) } });

const ADMINS = { aud: ADMIN.resource, scope: 'admin' };
const letInAsAdmin: Answer = letIn({ subject: 'alice', scopes: ['admin'] });

export const issuerAndResource: Attack[] = [
  ...tokens(
    'RFC 8725, section 3.8; RFC 9207, section 2.4; RFC 8414, section 3.3',
    'iss is one of the authorization servers of the resource, character by character',
    invalidToken('issuer'),
    {
      'iss left out': iss(() => undefined),
      'iss empty': iss(() => ''),
      'iss null': iss(() => null),
      'iss a number': iss(() => 1),
      'iss an array of the genuine one': iss((url) => [url.href]),
      'iss an object': iss((url) => ({ [url.href]: true })),
      'iss with a slash more': iss((url) => `${url.href}/`),
      'iss without its path': iss((url) => url.origin),
      'iss without its path, with a slash': iss((url) => `${url.origin}/`),
      'iss of another tenant': iss((url) => `${url.origin}/tenant2`),
      'iss below the tenant': iss((url) => `${url.href}/x`),
      'iss with the path in another case': iss((url) => `${url.origin}/Tenant`),
      'iss with the host in another case': iss((url) => url.href.replace('localhost', 'LOCALHOST')),
      'iss with the scheme in another case': iss((url) => url.href.replace('http', 'HTTP')),
      'iss over https': iss((url) => url.href.replace('http', 'https')),
      'iss by the address instead of the name': iss((url) =>
        url.href.replace('localhost', '127.0.0.1'),
      ),
      'iss with a dot after the host': iss((url) => url.href.replace('localhost', 'localhost.')),
      'iss without the port': iss((url) => url.href.replace(`:${url.port}`, '')),
      'iss with a zero before the port': iss((url) =>
        url.href.replace(`:${url.port}`, `:0${url.port}`),
      ),
      'iss with userinfo': iss((url) => url.href.replace('localhost', 'evil@localhost')),
      'iss as userinfo of another host': iss(
        (url) => `${url.href.replace('/tenant', '')}@evil.example/tenant`,
      ),
      'iss with a query': iss((url) => `${url.href}?`),
      'iss with a fragment': iss((url) => `${url.href}#`),
      'iss with dot segments': iss((url) => `${url.origin}/x/../tenant`),
      'iss percent-encoded': iss((url) => `${url.origin}/%74enant`),
      'iss with a backslash': iss((url) => `${url.origin}\\tenant`),
      'iss with a space after': iss((url) => `${url.href} `),
      'iss with a line end after': iss((url) => `${url.href}\n`),
      'iss with NUL after': iss((url) => `${url.href}\u0000`),
      'iss with a Cyrillic letter': iss((url) => url.href.replace('o', '\u043e')),
      'iss with a fullwidth solidus': iss((url) => url.href.replace('/tenant', '\uff0ftenant')),
      'iss with a combining mark': iss((url) => `${url.href}\u0301`),
      'iss of the metadata document': iss((url) => `${url.href}/.well-known/openid-configuration`),
      'iss __proto__': iss(() => '__proto__'),
      'iss of the resource itself': iss(() => NOTES.resource),
      'iss of the attacker, signed by the attacker': (lab) => lab.forge({}, lab.stranger),
      'iss of a server that another resource trusts': (lab) => lab.forge({}, lab.other),
    },
  ),
  ...tokens(
    'RFC 8725, section 3.8; RFC 9700, section 4.4',
    'a token of one issuer is verified by the keys of that issuer, and no other',
    invalidToken('signature', ADMIN),
    {
      'iss of one trusted server, signed by another under the same kid': (lab) =>
        lab.forge({ claims: { ...ADMINS, iss: lab.issuer.url } }, lab.other),
      'the same the other way round': (lab) =>
        lab.forge({ claims: { ...ADMINS, iss: lab.other.url } }),
      'iss of a trusted server, signed by a key that only another publishes': (lab) =>
        lab.forge({
          header: { alg: 'RS256', kid: 'rsa' },
          claims: { ...ADMINS, iss: lab.other.url },
          sign: signer(lab.keys.rsa.pair.privateKey),
        }),
      'iss of a trusted server, without kid, signed by another': (lab) =>
        lab.forge({ header: { kid: undefined }, claims: { ...ADMINS, iss: lab.other.url } }),
    },
    ADMIN,
  ),
  ...tokens(
    'RFC 8707, section 2; RFC 9700, section 2.3; RFC 9068, section 4',
    'a token for one resource of the application is invalid at another',
    invalidToken('audience', ADMIN),
    {
      'the token for the notes, just accepted there': (lab) => lab.victim,
      'a token for the notes with the admin’s scope': (lab) => lab.tokenFor(NOTES, 'admin'),
      'a token for MCP': (lab) => lab.tokenFor(MCP, 'admin mcp'),
    },
    ADMIN,
  ),
  ...tokens(
    'RFC 8707, section 2',
    'a token for the admin resource is not valid for the notes',
    invalidToken('audience'),
    {
      'a token for the admin': (lab) => lab.tokenFor(ADMIN, 'admin read:notes'),
    },
  ),
  ...tokens(
    'RFC 7519, section 4.1.3',
    'what else a token is for has no effect',
    letInAsAdmin,
    {
      'a token for two resources': { claims: { ...ADMINS, aud: [NOTES.resource, ADMIN.resource] } },
    },
    ADMIN,
  ),
  ...tokens(
    'RFC 6750, section 3.1',
    'a token for two resources has only the scopes that it has',
    insufficientScope(),
    {
      'a token for two resources, with the scope of the other': {
        claims: { ...ADMINS, aud: [NOTES.resource, ADMIN.resource] },
      },
    },
  ),
  ...tokens(
    'RFC 9110, section 15.6.4',
    'while the authorization server is out of reach nothing is let in, and nothing called invalid',
    unavailable,
    {
      'a token of a server that is out of order': (lab) => lab.forge({ claims: ADMINS }, lab.dark),
      'a forged token of a server that is out of order': (lab) =>
        lab.forge({ claims: ADMINS, sign: signer(lab.attacker.privateKey) }, lab.dark),
      'an under-scoped token of a server that is out of order': (lab) =>
        lab.forge({ claims: { ...ADMINS, scope: '' } }, lab.dark),
    },
    ADMIN,
  ),
  ...requests(
    'RFC 6750, section 3.1',
    'where a token is optional, a bad one is refused all the same',
    invalidToken('signature', OPTIONAL),
    {
      'a forged token where none is needed': (lab) => ({
        path: OPTIONAL.path,
        token: lab.forge({ sign: signer(lab.attacker.privateKey) }),
      }),
      'a forged token where none is needed, the scheme in mixed case': (lab) => ({
        path: OPTIONAL.path,
        headers: [
          'Authorization',
          `bEaReR ${lab.forge({ sign: signer(lab.attacker.privateKey) })}`,
        ],
      }),
    },
  ),
];
