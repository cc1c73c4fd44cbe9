import {
  asAlice,
  insufficientScope,
  invalidToken,
  letIn,
  outside,
  unauthorized,
  unreadable,
} from '../support/answers.js';
import { requests, type Attack } from '../support/attack.js';
import { signer } from '../support/forge.js';
import type { Laboratory } from '../support/laboratory.js';
import { NOTES, OPTIONAL } from '../support/places.js';
import { message } from '../support/wire.js';

const GET = 'GET /notes HTTP/1.1';
const WRITE = { ...NOTES, scope: 'read:notes write:notes' };

/** Returns a `GET /notes` with these header fields, sent byte for byte. Alice's token replaces `{}`. */
const raw =
  (...fields: string[]) =>
  ({ victim }: Laboratory) => ({
    raw: Buffer.from(
      message(
        GET,
        fields.map((field) => field.replaceAll('{}', victim)),
      ),
      'latin1',
    ),
  });

/** Returns a request without a token, for a path in any spelling. */
const path = (text: string) => ({ path: text });
const withoutBody = (status: number, challenge: string | undefined) => ({
  status,
  challenge,
  headers: {},
});

export const http: Attack[] = [
  ...requests(
    'RFC 9112, section 5 and 9110, section 5.5',
    'the HTTP server rejects a request with a malformed header field',
    outside(400),
    {
      'NUL after the token': raw('Authorization: Bearer {}\u0000'),
      'NUL before the token': raw('Authorization: Bearer \u0000{}'),
      'a space before the colon of Authorization': raw('Authorization : Bearer {}'),
      'a tab before the colon of Authorization': raw('Authorization\t: Bearer {}'),
      'an Authorization field without a colon': raw('Authorization Bearer {}'),
      'a field name with NUL after Authorization': raw('Authorization\u0000: Bearer {}'),
      'a field name with a letter beyond ASCII': raw('Author\u00efzation: Bearer {}'),
      'a space before Authorization as the first field': ({ victim }) => ({
        raw: `${GET}\r\n Authorization: Bearer ${victim}\r\nHost: x\r\n\r\n`,
      }),
      'a carriage return in the value of Authorization': raw('Authorization: Bearer {}\rX: y'),
      'a control character in the value of Authorization': raw('Authorization: Bearer {}\u0001'),
    },
  ),
  ...requests(
    'RFC 9112, section 6',
    'the HTTP server rejects a request that it cannot parse with certainty',
    outside(400),
    {
      'Content-Length beside Transfer-Encoding': ({ victim }) => ({
        raw: message(
          'POST /notes HTTP/1.1',
          ['Content-Length: 4', 'Transfer-Encoding: chunked', `Authorization: Bearer ${victim}`],
          '0\r\n\r\n',
        ),
      }),
      'two Content-Length fields with different values': ({ victim }) => ({
        raw: message(
          'POST /notes HTTP/1.1',
          ['Content-Length: 0', 'Content-Length: 4', `Authorization: Bearer ${victim}`],
          'abcd',
        ),
      }),
      'a Content-Length with a plus': () => ({
        raw: message('POST /notes HTTP/1.1', ['Content-Length: +0']),
      }),
      'a chunk with a negative length': () => ({
        raw: message(
          'POST /notes HTTP/1.1',
          ['Content-Type: application/json', 'Transfer-Encoding: chunked'],
          '-1\r\n\r\n',
        ),
      }),
      'a method with NUL in its name': () => ({ raw: message('G\u0000T /notes HTTP/1.1') }),
    },
  ),
  ...requests(
    'RFC 9112, section 9.3',
    'a request within a body is not handled as a request',
    unauthorized(WRITE),
    {
      'a request with a token, as the body of a request without a token': ({ victim }) => {
        const inner = message(GET, [`Authorization: Bearer ${victim}`]);
        return {
          raw: message(
            'POST /notes HTTP/1.1',
            ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${inner.length}`],
            inner,
          ),
        };
      },
    },
  ),
  ...requests('RFC 9110, section 6.5.1', 'a trailer is not read as a header', unauthorized(WRITE), {
    'Authorization as a trailer': ({ victim }) => ({
      raw: message(
        'POST /notes HTTP/1.1',
        ['Transfer-Encoding: chunked', 'Trailer: Authorization', 'Content-Type: application/json'],
        `2\r\n{}\r\n0\r\nAuthorization: Bearer ${victim}\r\n\r\n`,
      ),
    }),
  }),
  ...requests(
    'RFC 9110, section 5.5',
    'a token with a character that no token has is an invalid request',
    unreadable('characters'),
    {
      'a byte beyond ASCII after the token': raw('Authorization: Bearer {}\u00ff'),
      'a letter in UTF-8 after the token': raw('Authorization: Bearer {}\u00c3\u00a9'),
      'a byte order mark before the token': raw('Authorization: Bearer \u00ef\u00bb\u00bf{}'),
      'two tokens with a tab between them': raw('Authorization: Bearer {}\t{}'),
    },
  ),
  ...requests(
    'RFC 9110, section 5.6.3 and 11.4',
    'spaces around a field value and the case of its name do not matter: a valid token is accepted',
    asAlice,
    {
      'a valid token with spaces and tabs around the value of Authorization': raw(
        'Authorization: \t Bearer {} \t ',
      ),
      'a valid token without a space after the colon of Authorization':
        raw('Authorization:Bearer {}'),
      'a valid token with the field name in capitals': raw('AUTHORIZATION: Bearer {}'),
    },
  ),
  ...requests(
    'RFC 9110, section 5.3',
    'a request with more than one Authorization field is invalid, however the fields are written',
    unreadable('two headers'),
    {
      'two Authorization fields in one packet, the second empty': raw(
        'Authorization: Bearer {}',
        'Authorization:',
      ),
      'two Authorization fields with names in different case': raw(
        'authorization: Bearer {}',
        'AUTHORIZATION: Bearer {}',
      ),
      'two Authorization fields with forty other fields between them': raw(
        'Authorization: Bearer {}',
        ...Array.from({ length: 40 }, (_, i) => `X-${i}: y`),
        'Authorization: Bearer x',
      ),
    },
  ),
  ...requests(
    'RFC 9112, section 3',
    'a request without an Authorization header needs a token, whatever its form',
    unauthorized(),
    {
      'a request of HTTP/1.0 without Host and token': () => ({
        raw: 'GET /notes HTTP/1.0\r\n\r\n',
      }),
      'a request of HTTP/1.0 with Connection: close, without a token': () => ({
        raw: 'GET /notes HTTP/1.0\r\nConnection: close\r\n\r\n',
      }),
      'a request with an absolute URL and the token in its userinfo': ({ victim }) => ({
        raw: message(`GET http://alice:${victim}@api.example.com/notes HTTP/1.1`),
      }),
      'a request with headers of a WebSocket handshake, without a token': () => ({
        raw: [
          GET,
          'Host: x',
          'Connection: close',
          'Sec-WebSocket-Version: 13',
          'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
          '',
          '',
        ].join('\r\n'),
      }),
    },
  ),
  ...requests(
    'RFC 9112, section 3.2',
    'an invalid token is rejected in HTTP/1.0 too',
    invalidToken('malformed'),
    {
      'a request of HTTP/1.0 with an invalid token': () => ({
        raw: 'GET /notes HTTP/1.0\r\nAuthorization: Bearer x\r\n\r\n',
      }),
    },
  ),
  ...requests(
    'RFC 9110, section 9.3.2',
    'HEAD needs a token, as GET does',
    withoutBody(401, unauthorized().challenge),
    {
      'HEAD without a token': { method: 'HEAD', path: NOTES.path },
      'HEAD with the token in the query': ({ victim }) => ({
        method: 'HEAD',
        path: `${NOTES.path}?access_token=${victim}`,
      }),
    },
  ),
  ...requests(
    'RFC 9110, section 9.3.2',
    'HEAD needs a valid token, as GET does',
    withoutBody(401, invalidToken('signature').challenge),
    {
      'HEAD with a forged token': (lab) => ({
        method: 'HEAD',
        path: NOTES.path,
        token: lab.forge({ sign: signer(lab.attacker.privateKey) }),
      }),
    },
  ),
  ...requests(
    'RFC 9110, section 9.3.2',
    'HEAD needs the scopes that GET needs',
    withoutBody(403, insufficientScope().challenge),
    {
      'HEAD with a valid token without the scope': (lab) => ({
        method: 'HEAD',
        path: NOTES.path,
        token: lab.tokenFor(NOTES, 'x'),
      }),
    },
  ),
  ...requests(
    'RFC 9110, section 9.1; OWASP ASVS 5.0, 4.1.4',
    'only the method of the request line counts',
    insufficientScope(WRITE.scope),
    {
      'POST that claims to be GET in headers': (lab) => ({
        method: 'POST',
        path: NOTES.path,
        token: lab.victim,
        headers: [
          'X-HTTP-Method-Override',
          'GET',
          'X-HTTP-Method',
          'GET',
          'X-Method-Override',
          'GET',
        ],
      }),
      'POST that claims to be GET in the query': (lab) => ({
        method: 'POST',
        path: `${NOTES.path}?_method=GET`,
        token: lab.victim,
      }),
      'POST that claims to be GET in a form': (lab) => ({
        method: 'POST',
        path: NOTES.path,
        token: lab.victim,
        headers: ['Content-Type', 'application/x-www-form-urlencoded'],
        body: '_method=GET',
      }),
    },
  ),
  ...requests(
    'RFC 9110, section 9.1',
    'a GET that claims to be another method is handled as a GET',
    asAlice,
    {
      'GET that claims to be DELETE in a header': (lab) => ({
        path: NOTES.path,
        token: lab.victim,
        headers: ['X-HTTP-Method-Override', 'DELETE'],
      }),
    },
  ),
  ...requests(
    'RFC 9110, section 15.5.5',
    'a request that no handler takes gets a 404 without a challenge',
    outside(404),
    {
      'PUT to a path that takes no PUT': { method: 'PUT', path: NOTES.path },
      'TRACE to a path that takes no TRACE': { method: 'TRACE', path: NOTES.path },
      'PROPFIND, a method of WebDAV': { method: 'PROPFIND', path: NOTES.path },
      'a path with dot segments': path('/x/../notes'),
      'a path with an encoded slash at the end': path('/notes%2f'),
      'a path with a parameter after a semicolon': path('/notes;x=y'),
      'a path with an encoded NUL at the end': path('/notes%00'),
      'a path with a dot at the end': path('/notes.'),
      'a path with a file name extension': path('/notes.json'),
    },
  ),
  ...requests(
    'RFC 3986, section 6.2.2',
    'every request that reaches the handler passes the guard',
    unauthorized(),
    {
      'a path with another path in its query': path('/notes?/../public'),
      'a path with other paths in headers': {
        path: NOTES.path,
        headers: ['X-Original-URL', '/notes/optional', 'X-Rewrite-URL', '/notes/optional'],
      },
    },
  ),
  ...requests(
    'RFC 3986, section 6.2.2',
    'a path in another case or with an extra slash passes the guard, or is answered with 404',
    { express: unauthorized(), fastify: outside(404) },
    {
      'a path in capitals': path('/NOTES'),
      'a path with an extra slash at the end': path('/notes/'),
    },
  ),
  ...requests(
    'RFC 3986, section 6.2.2',
    'a percent-encoded path passes the guard, or is answered with 404',
    { express: outside(404), fastify: unauthorized() },
    { 'a path with a percent-encoded letter': path('/%6eotes') },
  ),
  ...requests('RFC 3986, section 6.2.2', 'a path with two slashes is another path', outside(404), {
    'a path with two slashes at the start': path('//notes'),
  }),
  ...requests(
    'RFC 6750, section 3',
    'where the token is optional, a request without a token has no caller',
    letIn({}),
    {
      'no token where the token is optional': { path: OPTIONAL.path },
      'a token in the query where the token is optional': ({ victim }) => ({
        path: `${OPTIONAL.path}?access_token=${victim}`,
      }),
      'a token after the scheme DPoP where the token is optional': ({ victim }) => ({
        path: OPTIONAL.path,
        headers: ['Authorization', `DPoP ${victim}`],
      }),
    },
  ),
];
