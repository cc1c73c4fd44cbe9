import { insufficientScope, invalidToken, letIn, outside } from '../support/answers.js';
import { requests, tokens, type Attack } from '../support/attack.js';
import { segment, signer, split } from '../support/forge.js';
import { call, posting } from '../support/mcp.js';
import { ADMIN } from '../support/places.js';
import { message } from '../support/wire.js';

/** Makes a request in one packet, so that it is read at once, even if it is rejected. */
const get = (...tokens: string[]) => ({
  raw: message(
    'GET /notes HTTP/1.1',
    tokens.map((token) => `Authorization: Bearer ${token}`),
  ),
});

export const size: Attack[] = [
  ...tokens(
    'CWE-400',
    'a token that cannot be one costs little, whatever its size',
    invalidToken('malformed'),
    {
      'fifteen thousand dots': () => '.'.repeat(15_000),
      'fifteen thousand letters': () => 'A'.repeat(15_000),
      'fifteen thousand tildes': () => '~'.repeat(15_000),
      'a header of fifteen thousand characters that is not JSON': () =>
        `${'A'.repeat(14_000)}.AAAA.AAAA`,
      'a payload of ten thousand characters that is not JSON': (lab) =>
        `${split(lab.victim)[0]}.${'A'.repeat(10_000)}.${split(lab.victim)[2]}`,
    },
  ),
  ...tokens('CWE-400', 'a signature of any size is one comparison', invalidToken('signature'), {
    'a signature of ten thousand bytes': (lab) => lab.forge({ sign: () => Buffer.alloc(7_500, 1) }),
    'a header of ten thousand members': (lab) =>
      lab.forge({
        header: Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`h${i}`, i])),
        sign: () => segment(Buffer.alloc(64, 7)),
      }),
  }),
  ...tokens(
    'CWE-400',
    'a token that does not say by which key is tried with a few',
    invalidToken('signature', ADMIN),
    {
      'a token without kid, by the last of seven keys': (lab) =>
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
  ...tokens('CWE-400', 'claims of any number are read once', insufficientScope(), {
    'a thousand claims': {
      claims: {
        scope: 'x',
        ...Object.fromEntries(Array.from({ length: 700 }, (_, i) => [`c${i}`, i])),
      },
    },
  }),
  ...requests('RFC 6585, section 5', 'a header field has a limit', outside(431), {
    'a token of twenty thousand characters': ({ victim }) => get(victim + 'A'.repeat(20_000)),
    'a genuine token of twenty thousand characters': (lab) =>
      get(lab.forge({ claims: { padding: 'x'.repeat(15_000) } })),
    'forty Authorization headers': ({ victim }) => get(...Array.from({ length: 40 }, () => victim)),
  }),
  ...requests(
    'RFC 9110, section 15.5.14',
    'a body has the limit that the adapter sets, and is as harmless below it',
    { express: outside(413), fastify: letIn({ carriedOut: [['ping']] }) },
    {
      'a body of two hundred thousand characters': posting(
        call('ping', { x: 'x'.repeat(200_000) }),
      ),
    },
  ),
];
