import { insufficientScope, invalidToken, letIn, outside } from '../support/answers.js';
import { requests, tokens, type Attack } from '../support/attack.js';
import { segment, signer, split } from '../support/forge.js';
import { call, posting } from '../support/mcp.js';
import { ADMIN } from '../support/places.js';
import { message } from '../support/wire.js';

/** Returns a request in one packet, so that it is read at once, even if it is rejected. */
const get = (...tokens: string[]) => ({
  raw: message(
    'GET /notes HTTP/1.1',
    tokens.map((token) => `Authorization: Bearer ${token}`),
  ),
});

export const size: Attack[] = [
  ...tokens(
    'CWE-400',
    'a token that is not a JWT is rejected as malformed, whatever its size',
    invalidToken('malformed'),
    {
      'a token of fifteen thousand dots': () => '.'.repeat(15_000),
      'a token of fifteen thousand letters': () => 'A'.repeat(15_000),
      'a token of fifteen thousand tildes': () => '~'.repeat(15_000),
      'a header of fourteen thousand characters that is not JSON': () =>
        `${'A'.repeat(14_000)}.AAAA.AAAA`,
      'a payload of ten thousand characters that is not JSON': (lab) =>
        `${split(lab.victim)[0]}.${'A'.repeat(10_000)}.${split(lab.victim)[2]}`,
    },
  ),
  ...tokens(
    'CWE-400',
    'a token with a wrong signature is rejected, whatever the size of its parts',
    invalidToken('signature'),
    {
      'a signature of 7500 bytes, ten thousand characters': (lab) =>
        lab.forge({ sign: () => Buffer.alloc(7_500, 1) }),
      'a header of a thousand members with a wrong signature': (lab) =>
        lab.forge({
          header: Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`h${i}`, i])),
          sign: () => segment(Buffer.alloc(64, 7)),
        }),
    },
  ),
  ...tokens(
    'CWE-400',
    'a token without kid is tried with at most five keys, and then rejected',
    invalidToken('signature', ADMIN),
    {
      'a token without kid, signed with the last of seven keys': (lab) =>
        lab.forge(
          {
            header: { kid: undefined },
            claims: { aud: ADMIN.resource, scope: 'admin' },
            sign: lab.many.slice(-1).map(({ privateKey }) => signer(privateKey))[0],
          },
          lab.other,
        ),
    },
    ADMIN,
  ),
  ...tokens('CWE-400', 'a token with many claims needs the scope too', insufficientScope(), {
    '700 claims, without the required scope': {
      claims: {
        scope: 'x',
        ...Object.fromEntries(Array.from({ length: 700 }, (_, i) => [`c${i}`, i])),
      },
    },
  }),
  ...requests(
    'RFC 6585, section 5',
    'the HTTP server rejects a header that is too large',
    outside(431),
    {
      'a token with twenty thousand letters after it': ({ victim }) =>
        get(victim + 'A'.repeat(20_000)),
      'a genuine token with a claim of fifteen thousand characters': (lab) =>
        get(lab.forge({ claims: { padding: 'x'.repeat(15_000) } })),
      'forty Authorization headers with the genuine token': ({ victim }) =>
        get(...Array.from({ length: 40 }, () => victim)),
    },
  ),
  ...requests(
    'RFC 9110, section 15.5.14',
    'a body above the limit of the adapter is rejected, and one below the limit is handled',
    { express: outside(413), fastify: letIn({ carriedOut: [['ping']] }) },
    {
      'a ping with two hundred thousand characters in its params': posting(
        call('ping', { x: 'x'.repeat(200_000) }),
      ),
    },
  ),
];
