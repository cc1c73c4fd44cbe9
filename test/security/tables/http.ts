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

/** `GET /notes` with these header fields, sent byte for byte; `{}` stands for Alice's token. */
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

/** Makes a request without a token, for a path in any spelling. */
const path = (text: string) => ({ path: text });
const withoutBody = (status: number, challenge: string | undefined) => ({
  status,
  challenge,
  headers: {},
});

export const http: Attack[] = [
  ...requests(
    'RFC 9112, section 5 and 9110, section 5.5',
    'a malformed header field makes the request invalid',
    outside(400),
    {
      'NUL in the token': raw('Authorization: Bearer {}\u0000'),
      'NUL before the token': raw('Authorization: Bearer \u0000{}'),
      'a space before the colon': raw('Authorization : Bearer {}'),
      'a tab before the colon': raw('Authorization\t: Bearer {}'),
      'a field without a colon': raw('Authorization Bearer {}'),
      'a field name with NUL': raw('Authorization\u0000: Bearer {}'),
      'a field name beyond ASCII': raw('Author\u00efzation: Bearer {}'),
      'a first field after a space': ({ victim }) => ({
        raw: `${GET}\r\n Authorization: Bearer ${victim}\r\nHost: x\r\n\r\n`,
      }),
      'a carriage return in the value': raw('Authorization: Bearer {}\rX: y'),
      'a control character in the value of a field': raw('Authorization: Bearer {}\u0001'),
    },
  ),
  ...requests('RFC 9112, section 6', 'the end of a request is unambiguous', outside(400), {
    'Content-Length beside Transfer-Encoding': ({ victim }) => ({
      raw: message(
        'POST /notes HTTP/1.1',
        ['Content-Length: 4', 'Transfer-Encoding: chunked', `Authorization: Bearer ${victim}`],
        '0\r\n\r\n',
      ),
    }),
    'two Content-Lengths': ({ victim }) => ({
      raw: message(
        'POST /notes HTTP/1.1',
        ['Content-Length: 0', 'Content-Length: 4', `Authorization: Bearer ${victim}`],
        'abcd',
      ),
    }),
    'a Content-Length with a plus': () => ({
      raw: message('POST /notes HTTP/1.1', ['Content-Length: +0']),
    }),
    'a chunk of a negative length': () => ({
      raw: message(
        'POST /notes HTTP/1.1',
        ['Content-Type: application/json', 'Transfer-Encoding: chunked'],
        '-1\r\n\r\n',
      ),
    }),
    'a method that is none': () => ({ raw: message('G\u0000T /notes HTTP/1.1') }),
  }),
  ...requests('RFC 9112, section 9.3', 'a request within a body is a body', unauthorized(WRITE), {
    'a request with the token as body of one without': ({ victim }) => {
      const inner = message(GET, [`Authorization: Bearer ${victim}`]);
      return {
        raw: message(
          'POST /notes HTTP/1.1',
          ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${inner.length}`],
          inner,
        ),
      };
    },
  }),
  ...requests('RFC 9110, section 6.5.1', 'a trailer is no header', unauthorized(WRITE), {
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
    'bytes beyond ASCII are no part of a token',
    unreadable('characters'),
    {
      'a byte beyond ASCII in the token': raw('Authorization: Bearer {}\u00ff'),
      'UTF-8 in the token': raw('Authorization: Bearer {}\u00c3\u00a9'),
      'a byte order mark before the token': raw('Authorization: Bearer \u00ef\u00bb\u00bf{}'),
      'a tab within the token': raw('Authorization: Bearer {}\t{}'),
    },
  ),
  ...requests(
    'RFC 9110, section 5.6.3 and 11.4',
    'space around a value is not part of it',
    asAlice,
    {
      'spaces and tabs around the value': raw('Authorization: \t Bearer {} \t '),
      'no space after the colon': raw('Authorization:Bearer {}'),
      'the field name in capitals': raw('AUTHORIZATION: Bearer {}'),
    },
  ),
  ...requests(
    'RFC 9110, section 5.3',
    'two header fields are two, however they are written',
    unreadable('two headers'),
    {
      'two fields in one packet, the second empty': raw(
        'Authorization: Bearer {}',
        'Authorization:',
      ),
      'two fields in different case': raw('authorization: Bearer {}', 'AUTHORIZATION: Bearer {}'),
      'two fields, forty others between them': raw(
        'Authorization: Bearer {}',
        ...Array.from({ length: 40 }, (_, i) => `X-${i}: y`),
        'Authorization: Bearer x',
      ),
    },
  ),
  ...requests('RFC 9112, section 3', 'HTTP/1.0 needs a token too', unauthorized(), {
    'HTTP/1.0 without Host': () => ({ raw: 'GET /notes HTTP/1.0\r\n\r\n' }),
    'HTTP/1.0 kept alive': () => ({ raw: 'GET /notes HTTP/1.0\r\nConnection: close\r\n\r\n' }),
    'the absolute form with userinfo': ({ victim }) => ({
      raw: message(`GET http://alice:${victim}@api.example.com/notes HTTP/1.1`),
    }),
    'an upgrade to WebSocket': () => ({
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
  }),
  ...requests(
    'RFC 9112, section 3.2',
    'a bad token is rejected in HTTP/1.0 too',
    invalidToken('malformed'),
    {
      'HTTP/1.0 with a bad token': () => ({
        raw: 'GET /notes HTTP/1.0\r\nAuthorization: Bearer x\r\n\r\n',
      }),
    },
  ),
  ...requests(
    'RFC 9110, section 9.3.2',
    'HEAD needs what GET needs',
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
    'HEAD needs a valid token',
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
      'HEAD without the scope': (lab) => ({
        method: 'HEAD',
        path: NOTES.path,
        token: lab.tokenFor(NOTES, 'x'),
      }),
    },
  ),
  ...requests(
    'RFC 9110, section 9.1; OWASP ASVS 5.0, 4.1.4',
    'the method is the one of the request',
    insufficientScope(WRITE.scope),
    {
      'POST that claims to be GET': (lab) => ({
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
  ...requests('RFC 9110, section 9.1', 'a GET that claims to be another method is a GET', asAlice, {
    'GET that claims to be DELETE': (lab) => ({
      path: NOTES.path,
      token: lab.victim,
      headers: ['X-HTTP-Method-Override', 'DELETE'],
    }),
  }),
  ...requests(
    'RFC 9110, section 15.5.5',
    'what is not there is not there, and no challenge',
    outside(404),
    {
      'PUT, which no handler takes': { method: 'PUT', path: NOTES.path },
      'TRACE, which no handler takes': { method: 'TRACE', path: NOTES.path },
      'a method of WebDAV': { method: 'PROPFIND', path: NOTES.path },
      'the path with dot segments': path('/x/../notes'),
      'the path with an encoded slash': path('/notes%2f'),
      'the path with a parameter': path('/notes;x=y'),
      'the path with NUL': path('/notes%00'),
      'the path with a dot': path('/notes.'),
      'the path of an ending': path('/notes.json'),
    },
  ),
  ...requests(
    'RFC 3986, section 6.2.2',
    'every path to a handler passes the guard',
    unauthorized(),
    {
      'the path with a query of a path': path('/notes?/../public'),
      'the path rewritten by headers': {
        path: NOTES.path,
        headers: ['X-Original-URL', '/notes/optional', 'X-Rewrite-URL', '/notes/optional'],
      },
    },
  ),
  ...requests(
    'RFC 3986, section 6.2.2',
    'a path in another case or with an extra slash passes the guard or is 404',
    { express: unauthorized(), fastify: outside(404) },
    {
      'the path in capitals': path('/NOTES'),
      'the path with a slash more': path('/notes/'),
    },
  ),
  ...requests(
    'RFC 3986, section 6.2.2',
    'a percent-encoded path passes the guard or is 404',
    { express: outside(404), fastify: unauthorized() },
    { 'the path percent-encoded': path('/%6eotes') },
  ),
  ...requests('RFC 3986, section 6.2.2', 'two slashes are not one', outside(404), {
    'the path with two slashes': path('//notes'),
  }),
  ...requests(
    'RFC 6750, section 3',
    'where a token is optional, a missing one gives no caller',
    letIn({}),
    {
      'no token where none is needed': { path: OPTIONAL.path },
      'the token in the query where none is needed': ({ victim }) => ({
        path: `${OPTIONAL.path}?access_token=${victim}`,
      }),
      'another scheme where none is needed': ({ victim }) => ({
        path: OPTIONAL.path,
        headers: ['Authorization', `DPoP ${victim}`],
      }),
    },
  ),
];
