import { describe, it } from '@jest/globals';
import type { McpAuthModuleOptions } from 'nestjs-mcp-auth';
import { RESOURCE } from '../../support/app.js';
import {
  expectOneMistake,
  failureOf,
  ISSUER,
  options,
  URL_REMEDY,
} from '../../support/option-mistakes.js';

const SCOPE_REMEDY =
  'must be a single scope: printable ASCII without a space, a double quote or a backslash';

describe('wrong options are reported in one line with path, value and remedy', () => {
  it.each<[string, McpAuthModuleOptions, string]>([
    [
      'no resource',
      options({ metadata: { resource: undefined } }),
      `protectedResources.metadata.resource ${URL_REMEDY} (given: nothing)`,
    ],
    [
      'a relative URL',
      options({ metadata: { resource: '/notes' } }),
      `protectedResources.metadata.resource ${URL_REMEDY} (given: '/notes')`,
    ],
    [
      'a fragment',
      options({ metadata: { resource: `${RESOURCE}#a` } }),
      `protectedResources.metadata.resource must not have a fragment; remove "#" and what follows (given: '${RESOURCE}#a')`,
    ],
    [
      'an empty fragment',
      options({ metadata: { resource: `${RESOURCE}#` } }),
      `protectedResources.metadata.resource must not have a fragment; remove "#" and what follows (given: '${RESOURCE}#')`,
    ],
    [
      'a password',
      options({ metadata: { resource: 'https://a:b@example.com' } }),
      "protectedResources.metadata.resource must not contain a user name or password (given: 'https://…@example.com')",
    ],
    [
      'no authorization server',
      options({ metadata: { authorizationServers: [] } }),
      'protectedResources.metadata.authorizationServers must be an array with at least one authorization server, or a resolver (given: [])',
    ],
    [
      'authorization servers left out',
      options({ metadata: { authorizationServers: undefined } }),
      'protectedResources.metadata.authorizationServers must be an array with at least one authorization server, or a resolver (given: nothing)',
    ],
    [
      'an issuer with a query',
      options({ metadata: { authorizationServers: [`${ISSUER}?a`] } }),
      `protectedResources.metadata.authorizationServers[0].issuer must not have a query; remove "?" and what follows (given: '${ISSUER}?a')`,
    ],
    [
      'an authorization server that is null',
      options({ metadata: { authorizationServers: [null] } }),
      'protectedResources.metadata.authorizationServers',
    ],
    [
      'an authorization server that is undefined, as from an unset variable',
      options({ metadata: { authorizationServers: [undefined] } }),
      'protectedResources.metadata.authorizationServers contains undefined instead of an authorization server; is an environment variable not set? (given: [ undefined ])',
    ],
    [
      'one authorization server instead of an array',
      options({ metadata: { authorizationServers: ISSUER } }),
      'protectedResources.metadata.authorizationServers must be an array with at least one authorization server',
    ],
    [
      'no bearer method in bearerMethodsSupported',
      options({ metadata: { bearerMethodsSupported: [] } }),
      'protectedResources.metadata.bearerMethodsSupported must contain "header", which is always supported (given: [])',
    ],
    [
      'an unknown type',
      options({ metadata: { authorizationServers: [{ issuer: ISSUER, type: 'saml' }] } }),
      "protectedResources.metadata.authorizationServers[0].type must be one of: oauth, oidc (given: 'saml')",
    ],
    [
      'transformMetadata together with metadata',
      options({
        metadata: {
          authorizationServers: [{ transformMetadata: () => ({}), metadata: { issuer: ISSUER } }],
        },
      }),
      'protectedResources.metadata.authorizationServers[0].transformMetadata has no effect together with "metadata"',
    ],
    [
      'metadata in snake_case',
      options({
        metadata: {
          authorizationServers: [{ metadata: { issuer: ISSUER, jwks_uri: `${ISSUER}/jwks` } }],
        },
      }),
      'protectedResources.metadata.authorizationServers[0].metadata must be written in camelCase: "jwksUri", not "jwks_uri"',
    ],
    [
      'metadata without jwksUri, where nothing else could verify tokens',
      options({
        metadata: { authorizationServers: [ISSUER, { metadata: { issuer: `${ISSUER}/2` } }] },
      }),
      'protectedResources.metadata names an authorization server whose tokens cannot be verified: the metadata of authorizationServers[1] has no "jwksUri", and if "metadata" is given, no metadata is fetched; add "jwksUri"',
    ],
    [
      'metadata without issuer',
      options({ metadata: { authorizationServers: [{ metadata: {} }] } }),
      `protectedResources.metadata.authorizationServers[0].metadata needs a valid issuer: "issuer" ${URL_REMEDY}`,
    ],
    [
      'metadata with a relative jwksUri',
      options({
        metadata: { authorizationServers: [{ metadata: { issuer: ISSUER, jwksUri: '/jwks' } }] },
      }),
      `protectedResources.metadata.authorizationServers[0].metadata needs a JWK Set that can be fetched: "jwksUri" ${URL_REMEDY}`,
    ],
    [
      'a misspelt metadata field',
      options({ metadata: { scopeSupported: [] } }),
      'protectedResources.metadata.scopeSupported is not an option; did you mean "scopesSupported"? (given: [])',
    ],
    [
      'a scope with a space',
      options({ metadata: { scopesSupported: ['read notes'] } }),
      `protectedResources.metadata.scopesSupported item 0 ${SCOPE_REMEDY} (given: [ 'read notes' ])`,
    ],
    [
      'a scope with a quote',
      options({ metadata: { scopesSupported: ['a', 'b"'] } }),
      `protectedResources.metadata.scopesSupported item 1 ${SCOPE_REMEDY}`,
    ],
    [
      'the bearer method "query"',
      options({ metadata: { bearerMethodsSupported: ['query'] } }),
      'protectedResources.metadata.bearerMethodsSupported item 0 must be one of: header',
    ],
    [
      'an issuer that is empty, as from an unset variable',
      options({ metadata: { authorizationServers: [''] } }),
      "protectedResources.metadata.authorizationServers[0].issuer must not be empty; is an environment variable not set? (given: '')",
    ],
    [
      'an option of the resource in its metadata',
      options({ metadata: { jwt: { typ: 'at+jwt' } } }),
      'protectedResources.metadata.jwt is an option of the protected resource; move it out of "metadata", which is published',
    ],
    [
      'an extension field that is not JSON',
      options({ metadata: { x: 10n } }),
      'protectedResources.metadata contains a value that cannot be published as JSON',
    ],
    [
      'a URL with a line break',
      options({ metadata: { resource: `${RESOURCE}\n` } }),
      `protectedResources.metadata.resource ${URL_REMEDY}`,
    ],
    [
      'a URL with a leading space',
      options({ metadata: { resource: ` ${RESOURCE}` } }),
      `protectedResources.metadata.resource ${URL_REMEDY}`,
    ],
    [
      'a URL without slashes',
      options({ metadata: { resource: 'https:example.com' } }),
      `protectedResources.metadata.resource ${URL_REMEDY}`,
    ],
    [
      'a path with a wildcard',
      options({ metadata: { resource: 'https://a.example.com/x*' } }),
      'protectedResources.metadata.resource must not have "*", an invalid percent-encoding or a percent-encoded reserved character in its path',
    ],
    [
      'a path with an encoded slash',
      options({ metadata: { resource: 'https://a.example.com/x%2fy' } }),
      'protectedResources.metadata.resource must not have "*", an invalid percent-encoding or',
    ],
    [
      'a path that cannot be decoded',
      options({ metadata: { resource: 'https://a.example.com/%ff' } }),
      'protectedResources.metadata.resource must not have "*", an invalid percent-encoding or',
    ],
  ])('%s', (_, given, expected) => {
    expectOneMistake(failureOf(given), expected);
  });
});
