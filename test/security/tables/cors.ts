import { asAlice, unauthorized, type Answer } from '../support/answers.js';
import { requests, type Attack } from '../support/attack.js';
import { ORIGIN } from '../support/application.js';
import { ADMIN, NOTES } from '../support/places.js';

const EVIL = 'https://evil.example';
const preflight = (origin: string, method = 'GET', path = NOTES.path) => ({
  method: 'OPTIONS',
  path,
  headers: [
    'Origin',
    origin,
    'Access-Control-Request-Method',
    method,
    'Access-Control-Request-Headers',
    'authorization',
  ],
});
const allowing = (answer: Answer): Answer => ({
  ...answer,
  headers: {
    ...answer.headers,
    'access-control-allow-origin': ORIGIN,
    'access-control-allow-credentials': undefined,
  },
});
const metadata = new URL(NOTES.metadata).pathname;

export const cors: Attack[] = [
  ...requests(
    'Fetch standard, section 3.2.2 (CORS-preflight)',
    'a preflight needs no token, and allows only the configured origin',
    allowing({ status: 204 }),
    {
      'a preflight without a token, of another origin': preflight(EVIL),
      'a preflight without a token, of the origin null': preflight('null'),
      'a preflight without a token, of an origin that continues the configured origin': preflight(
        `${ORIGIN}.evil.example`,
      ),
      'a preflight without a token, for a method that no handler takes': preflight(ORIGIN, 'PUT'),
      'a preflight without a token, of another origin for the admin resource': preflight(
        EVIL,
        'GET',
        ADMIN.path,
      ),
    },
  ),
  ...requests(
    'RFC 6750, section 3; Fetch standard, section 3.2.4',
    'only scripts of the configured origin can read the challenge',
    allowing(unauthorized()),
    {
      'a request of another origin without a token': {
        path: NOTES.path,
        headers: ['Origin', EVIL],
      },
      'a request of the origin null without a token': {
        path: NOTES.path,
        headers: ['Origin', 'null'],
      },
      'a request of an origin with percent-encoded CR LF, without a token': {
        path: NOTES.path,
        headers: ['Origin', `${EVIL}%0d%0aX: y`],
      },
    },
  ),
  ...requests(
    'Fetch standard, section 3.2.4',
    'only scripts of the configured origin can read the answer',
    allowing(asAlice),
    {
      'a request of another origin, with a valid token': (lab) => ({
        path: NOTES.path,
        token: lab.victim,
        headers: ['Origin', EVIL],
      }),
    },
  ),
  ...requests(
    'RFC 9728, section 3.1',
    'every origin may read the metadata, with or without a token, but not with cookies',
    {
      status: 200,
      headers: {
        'access-control-allow-origin': '*',
        'access-control-allow-credentials': undefined,
        'set-cookie': undefined,
      },
    },
    {
      'a request for the metadata, of another origin': {
        path: metadata,
        headers: ['Origin', EVIL],
      },
      'a request for the metadata, with an invalid token': {
        path: metadata,
        headers: ['Authorization', 'Bearer x'],
      },
      'a request for the metadata, with a valid token': (lab) => ({
        path: metadata,
        token: lab.victim,
      }),
    },
  ),
  ...requests(
    'RFC 9728, section 3',
    'the metadata of a resource is published at one path only',
    { status: 404 },
    {
      'a request for metadata below the path of the resource': {
        path: `${NOTES.path}/.well-known/oauth-protected-resource`,
      },
      'a request for the metadata of a resource that does not exist': { path: `${metadata}/x` },
      'a request for a file, from the path of the metadata by dot segments': {
        path: `${metadata}/../../../etc/passwd`,
      },
      'a request for the metadata of a resource called __proto__': {
        path: '/.well-known/oauth-protected-resource/__proto__',
      },
      'a POST to the path of the metadata': { method: 'POST', path: metadata },
    },
  ),
];
