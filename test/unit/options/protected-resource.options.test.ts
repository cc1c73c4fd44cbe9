import { describe, it } from '@jest/globals';
import {
  JwtTokenVerifier,
  McpAuthConfigurationError,
  TokenVerifier,
  type McpAuthModuleOptions,
} from 'nestjs-mcp-auth';
import { expectOneMistake, failureOf, ISSUER, options } from '../../support/option-mistakes.js';
import { RESOURCE } from '../../support/app.js';

class AnyVerifier extends TokenVerifier {
  override verify() {
    return { issuer: ISSUER };
  }
}

const verify = () => ({ issuer: ISSUER });

describe('wrong options are reported in one line with path, value and remedy', () => {
  it.each<[string, McpAuthModuleOptions, string]>([
    [
      'jwt that is null',
      options({ resource: { jwt: null } }),
      'protectedResources.jwt must be an object',
    ],
    [
      'audience that is null',
      options({ resource: { audience: null } }),
      'protectedResources.audience must be a non-empty string (given: null)',
    ],
    [
      'an allowed origin with a path',
      options({ resource: { allowedOrigins: ['https://app.example.com/'] } }),
      'protectedResources.allowedOrigins item 0 must be an origin as browsers send it',
    ],
    ...[
      'null',
      'file://',
      'data:text/html,x',
      'javascript://x',
      'tauri://localhost/x',
      'Tauri://a',
      'app:',
    ].map((origin): [string, McpAuthModuleOptions, string] => [
      `the allowed origin ${origin}`,
      options({ resource: { allowedOrigins: [origin] } }),
      'protectedResources.allowedOrigins item 0 must be an origin as browsers send it',
    ]),
    [
      'allowedOrigins that is not an array',
      options({ resource: { allowedOrigins: 'https://app.example.com' } }),
      'protectedResources.allowedOrigins must be an array',
    ],
    [
      'a misspelt resource option',
      options({ resource: { audiance: 'x' } }),
      `protectedResources.audiance is not an option; did you mean "audience"? (given: 'x')`,
    ],
    [
      'an unknown jwt option',
      options({ resource: { jwt: { secret: 'x' } } }),
      'protectedResources.jwt.secret is not an option; the options here are algorithms, clockTolerance, requiredClaims, typ, maxTokenAge',
    ],
    [
      'a symmetric algorithm',
      options({ resource: { jwt: { algorithms: ['HS256'] } } }),
      'protectedResources.jwt.algorithms item 0 must be one of: RS256',
    ],
    [
      'no algorithm',
      options({ resource: { jwt: { algorithms: [] } } }),
      'protectedResources.jwt.algorithms must not be an empty array',
    ],
    [
      'a negative clockTolerance',
      options({ resource: { jwt: { clockTolerance: -1 } } }),
      'protectedResources.jwt.clockTolerance must be a number of 0 or more (given: -1)',
    ],
    [
      'a maxTokenAge of 0',
      options({ resource: { jwt: { maxTokenAge: 0 } } }),
      'protectedResources.jwt.maxTokenAge must be a number above 0 (given: 0)',
    ],
    [
      'an empty audience',
      options({ resource: { audience: [] } }),
      'protectedResources.audience must not be an empty array',
    ],
    [
      'an audience together with dangerouslySkipAudienceCheck',
      options({ resource: { audience: 'x', dangerouslySkipAudienceCheck: true } }),
      'protectedResources.audience contradicts dangerouslySkipAudienceCheck; remove one of the two',
    ],
    [
      'a tokenVerifier that is a string',
      options({ resource: { tokenVerifier: 'jwt' } }),
      "protectedResources.tokenVerifier must be a function, or a class that extends TokenVerifier (given: 'jwt')",
    ],
    [
      'a metadata field outside "metadata"',
      options({ resource: { resourceName: 'Notes' } }),
      'protectedResources.resourceName is what is published about the resource; put it into "metadata" (given: \'Notes\')',
    ],
    [
      'options in an array',
      options({ resource: { jwt: [{ algorithms: ['RS256'] }] } }),
      'protectedResources.jwt must be an object',
    ],
    [
      'options in a Map',
      options({ resource: { jwt: new Map([['algorithms', ['RS256']]]) } }),
      'protectedResources.jwt must be an object',
    ],
    [
      'metadata that is a string',
      options({ resource: { metadata: 'x' } }),
      "protectedResources.metadata must be an object (given: 'x')",
    ],
    [
      'a verifier class that does not extend TokenVerifier',
      options({
        resource: {
          tokenVerifier: class Own {
            verify() {
              return {};
            }
          },
        },
      }),
      'protectedResources.tokenVerifier must extend TokenVerifier, if it is a class',
    ],
    [
      'a list without a verifier',
      options({ resource: { tokenVerifier: [] } }),
      'protectedResources.tokenVerifier must not be an empty array (given: [])',
    ],
    [
      'a list with a hole',
      options({ resource: { tokenVerifier: [, JwtTokenVerifier] } }),
      'protectedResources.tokenVerifier item 0 must be a function, or a class that extends TokenVerifier',
    ],
    [
      'a list with a class that is no verifier',
      options({ resource: { tokenVerifier: [JwtTokenVerifier, McpAuthConfigurationError] } }),
      'protectedResources.tokenVerifier item 1 must extend TokenVerifier, if it is a class',
    ],
    [
      'a list with a list',
      options({ resource: { tokenVerifier: [[JwtTokenVerifier]] } }),
      'protectedResources.tokenVerifier item 0 must be a function, or a class that extends TokenVerifier',
    ],
    [
      'a list with an instance',
      options({ resource: { tokenVerifier: [new AnyVerifier()] } }),
      'protectedResources.tokenVerifier item 0 must be a function, or a class that extends TokenVerifier',
    ],
    [
      'a verifier twice in a list',
      options({ resource: { tokenVerifier: [JwtTokenVerifier, verify, JwtTokenVerifier] } }),
      'protectedResources.tokenVerifier item 2 is in the list already; remove it',
    ],
    [
      'a function before the end of a list',
      options({ resource: { tokenVerifier: [verify, JwtTokenVerifier] } }),
      'protectedResources.tokenVerifier item 0 has no method recognizes(), so it gets every token, and no token would reach the next item; put item 0 last, or make it a class with a method recognizes()',
    ],
    [
      'a class without recognizes() before the end of a list',
      options({ resource: { tokenVerifier: [JwtTokenVerifier, AnyVerifier, verify] } }),
      'protectedResources.tokenVerifier item 1 has no method recognizes(), so it gets every token',
    ],
    [
      'ownIssuers without tokenVerifier',
      options({ resource: { ownIssuers: [RESOURCE] } }),
      'protectedResources.ownIssuers has no effect without "tokenVerifier"',
    ],
    ...(
      [
        [RESOURCE, 'must be an array'],
        [[], 'must not be an empty array'],
        [[''], 'item 0 must be a non-empty string'],
        [['keys', undefined], 'item 1 must be a non-empty string'],
        [
          [ISSUER],
          `names "${ISSUER}", which is the issuer of the tokens of a server in metadata.authorizationServers`,
        ],
        [[`${RESOURCE}/{tenant}`], 'contains "{tenant}", but metadata.resource does not'],
      ] as const
    ).map(([ownIssuers, problem]): [string, McpAuthModuleOptions, string] => [
      `ownIssuers: [${String(ownIssuers)}]`,
      options({ resource: { tokenVerifier: verify, ownIssuers } }),
      `protectedResources.ownIssuers ${problem}`,
    ]),
    [
      'a clockTolerance that is too long',
      options({ resource: { jwt: { clockTolerance: 1e12 } } }),
      'protectedResources.jwt.clockTolerance must be at most 600 seconds',
    ],
    [
      'a scope that implies itself',
      options({ resource: { scopeHierarchy: { a: ['a'] } } }),
      'protectedResources.scopeHierarchy has a cycle, a → a',
    ],
    [
      'a scope hierarchy with a bad name',
      options({ resource: { scopeHierarchy: { a: ['b c'] } } }),
      'protectedResources.scopeHierarchy has a scope at "a" that must be a single scope',
    ],
    [
      'a scope hierarchy without arrays',
      options({ resource: { scopeHierarchy: { a: 'b' } } }),
      'protectedResources.scopeHierarchy must have an array of scopes for "a"',
    ],
    ...[null, '', 7, 'api://no tes/', 'api://"notes"/', 'api:\\\\notes\\', 'api://nötes/'].map(
      (given): [string, McpAuthModuleOptions, string] => [
        `the scope prefix ${JSON.stringify(given)}`,
        options({ resource: { scopePrefix: given } }),
        'protectedResources.scopePrefix must be printable ASCII without a space, a double quote or a backslash, such as "api://notes/" (given: ',
      ],
    ),
    [
      'an unknown value of challengeScopes',
      options({ resource: { challengeScopes: 'granted' } }),
      "protectedResources.challengeScopes must be one of: required, requiredAndGranted (given: 'granted')",
    ],
    [
      'a scope prefix without a delimiter at its end',
      options({ resource: { scopePrefix: 'api://notes' } }),
      `protectedResources.scopePrefix must end with a separator, such as "api://notes/": clients would request the scope "read" as "api://notesread" (given: 'api://notes')`,
    ],
    [
      'a scope prefix with {tenant} for a resource without tenants',
      options({ resource: { scopePrefix: 'api://{tenant}/' } }),
      'protectedResources.scopePrefix contains "{tenant}", but metadata.resource does not',
    ],
    [
      'a supported scope with the prefix',
      options({
        metadata: { scopesSupported: ['write', 'api://notes/read'] },
        resource: { scopePrefix: 'api://notes/' },
      }),
      'protectedResources.scopePrefix would be put before "api://notes/read" of metadata.scopesSupported a second time; write "read" in metadata.scopesSupported, without the prefix, as tokens name the scope',
    ],
    ...[{ 'api://notes/all': ['read'] }, { all: ['api://notes/all'] }].map(
      (scopeHierarchy): [string, McpAuthModuleOptions, string] => [
        `the scope hierarchy ${JSON.stringify(scopeHierarchy)} with the prefix`,
        options({ resource: { scopePrefix: 'api://notes/', scopeHierarchy } }),
        'protectedResources.scopePrefix would be put before "api://notes/all" of scopeHierarchy a second time; write "all" in scopeHierarchy',
      ],
    ),
  ])('%s', (_, given, expected) => {
    expectOneMistake(failureOf(given), expected);
  });
});
