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
      'a preflight of another origin': preflight(EVIL),
      'a preflight of the origin null': preflight('null'),
      'a preflight of an origin that begins alike': preflight(`${ORIGIN}.evil.example`),
      'a preflight for a method that no handler takes': preflight(ORIGIN, 'PUT'),
      'a preflight for another resource': preflight(EVIL, 'GET', ADMIN.path),
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
      'a request of an origin with CR LF encoded': {
        path: NOTES.path,
        headers: ['Origin', `${EVIL}%0d%0aX: y`],
      },
    },
  ),
  ...requests(
    'Fetch standard, section 3.2.4',
    'what the token opens is for scripts of the origin configured to read',
    allowing(asAlice),
    {
      'a request of another origin with the token': (lab) => ({
        path: NOTES.path,
        token: lab.victim,
        headers: ['Origin', EVIL],
      }),
    },
  ),
  ...requests(
    'RFC 9728, section 3.1',
    'the metadata is public, and without credentials',
    {
      status: 200,
      headers: {
        'access-control-allow-origin': '*',
        'access-control-allow-credentials': undefined,
        'set-cookie': undefined,
      },
    },
    {
      'the metadata for another origin': { path: metadata, headers: ['Origin', EVIL] },
      'the metadata with a bad token': { path: metadata, headers: ['Authorization', 'Bearer x'] },
      'the metadata with the token': (lab) => ({ path: metadata, token: lab.victim }),
    },
  ),
  ...requests(
    'RFC 9728, section 3',
    'the metadata of a resource is at one path',
    { status: 404 },
    {
      'the metadata below the resource': {
        path: `${NOTES.path}/.well-known/oauth-protected-resource`,
      },
      'the metadata of a resource that is none': { path: `${metadata}/x` },
      'the metadata by way of dot segments': { path: `${metadata}/../../../etc/passwd` },
      'the metadata of __proto__': { path: '/.well-known/oauth-protected-resource/__proto__' },
      'the metadata by POST': { method: 'POST', path: metadata },
    },
  ),
];
