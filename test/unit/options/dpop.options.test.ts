import { describe, it } from '@jest/globals';
import type { McpAuthModuleOptions } from 'nestjs-mcp-auth';
import { expectOneMistake, failureOf, options } from '../../support/option-mistakes.js';

/** The wrong values of `dpop`, each with the rest of its message. */
const dpopMistakes = (
  [
    ['an unknown mode', 'on', ".dpop.mode must be one of: off, accepted, required (given: 'on')"],
    ['no mode', {}, '.dpop.mode must be one of: off, accepted, required (given: nothing)'],
    [
      'a symmetric algorithm for proofs',
      { mode: 'accepted', algorithms: ['HS256'] },
      `.dpop.algorithms item 0 must be one of: RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, Ed25519 (given: [ 'HS256' ])`,
    ],
    [
      'no algorithm for proofs',
      { mode: 'accepted', algorithms: [] },
      '.dpop.algorithms must not be an empty array (given: [])',
    ],
    ...[0, 601, Infinity].map(
      (proofLifetime) =>
        [
          `a proofLifetime of ${proofLifetime} seconds`,
          { mode: 'accepted', proofLifetime },
          `.dpop.proofLifetime must be a number of seconds above 0 and at most 600 (given: ${proofLifetime})`,
        ] as const,
    ),
    [
      'a short nonceSecret, which the message does not show',
      { mode: 'accepted', nonce: true, nonceSecret: 'short' },
      '.dpop.nonceSecret must be a string of at least 32 characters, such as 32 random bytes in base64',
    ],
    [
      'a nonceSecret without nonce: true',
      { mode: 'accepted', nonceSecret: 'x'.repeat(32) },
      '.dpop.nonceSecret has no effect without nonce: true; add nonce: true, or leave this out',
    ],
    [
      'a publicUrl with a query',
      { mode: 'accepted', publicUrl: 'https://api.example.com?x' },
      `.dpop.publicUrl must not have a query; remove "?" and what follows (given: 'https://api.example.com?x')`,
    ],
    [
      'a publicUrl over http:',
      { mode: 'accepted', publicUrl: 'http://api.example.com' },
      `.dpop.publicUrl must use https: (http: is accepted for a loopback host such as localhost) (given: 'http://api.example.com')`,
    ],
  ] as const
).map(([name, dpop, rest]): [string, McpAuthModuleOptions, string] => [
  name,
  options({ resource: { dpop } }),
  `protectedResources${rest}`,
]);

/** Values in `metadata` that contradict `dpop`. */
const contradictions = (
  [
    ['dpopSigningAlgValuesSupported', ['ES256'], 'off'],
    ['dpopSigningAlgValuesSupported', ['RS256'], { mode: 'accepted', algorithms: ['ES256'] }],
    ['dpopBoundAccessTokensRequired', true, 'accepted'],
    ['dpopBoundAccessTokensRequired', false, 'required'],
  ] as const
).map(([field, value, dpop]): [string, McpAuthModuleOptions, string] => [
  `${field} against dpop: ${JSON.stringify(dpop)}`,
  options({ metadata: { [field]: value }, resource: { dpop } }),
  `protectedResources.metadata has ${field}, which does not match the option "dpop" of the resource; set "dpop" as you want it, and remove ${field}, which is derived from "dpop"`,
]);

describe('wrong options are reported in one line with path, value and remedy', () => {
  it.each<[string, McpAuthModuleOptions, string]>([...dpopMistakes, ...contradictions])(
    '%s',
    (_, given, expected) => {
      expectOneMistake(failureOf(given), expected);
    },
  );
});
