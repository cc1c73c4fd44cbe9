import { describe, expect, it } from '@jest/globals';
import { expectOneMistake, failureOf, ISSUER, options } from '../../support/option-mistakes.js';

const OTHER = 'https://login.example.com';
const STS = 'http://sts.example.com/trust';
const at = 'protectedResources.metadata.authorizationServers';

const servers = (...authorizationServers: unknown[]) =>
  options({ metadata: { authorizationServers } });
const withTokenIssuer = (tokenIssuer: unknown, issuer = ISSUER) => ({ issuer, tokenIssuer });

const resource = (path: string, ...authorizationServers: unknown[]) => ({
  metadata: { resource: `https://api.example.com/${path}`, authorizationServers },
});
const resources = (...protectedResources: unknown[]) => ({ protectedResources });

const TENANTS = 'https://api.example.com/{tenant}/mcp';
const tenants = (server: unknown, more: Record<string, unknown> = {}) =>
  options({
    metadata: { resource: TENANTS, authorizationServers: [server] },
    resource: { tenants: ['acme'], ...more },
  });

describe('a wrong tokenIssuer stops the start with one line that says what would be right', () => {
  it.each<[string, unknown, string]>([
    [
      'an empty text, as from an unset variable',
      servers(withTokenIssuer('')),
      `${at}[0].tokenIssuer must be a non-empty string (given: '')`,
    ],
    ['null', servers(withTokenIssuer(null)), `${at}[0].tokenIssuer must be a non-empty string`],
    ['a number', servers(withTokenIssuer(7)), `${at}[0].tokenIssuer must be a non-empty string`],
    [
      'a URL object',
      servers(withTokenIssuer(new URL(STS))),
      `${at}[0].tokenIssuer must be a non-empty string`,
    ],
    [
      'an empty list',
      servers(withTokenIssuer([])),
      `${at}[0].tokenIssuer must not be an empty array`,
    ],
    [
      'an unset variable in a list',
      servers(withTokenIssuer([STS, undefined])),
      `${at}[0].tokenIssuer item 1 must be a non-empty string`,
    ],
    [
      'a misspelt name',
      servers({ issuer: ISSUER, tokenIsuer: STS }),
      `${at}[0].tokenIsuer is not an option; did you mean "tokenIssuer"?`,
    ],
    [
      'the tokenIssuer of another server',
      servers(withTokenIssuer(STS), withTokenIssuer([OTHER, STS], OTHER)),
      `${at} names two authorization servers whose tokens have the issuer "${STS}", so it is not clear whose keys verify these tokens; change the "tokenIssuer" of one server, or remove one of the two`,
    ],
    [
      'the issuer of another server',
      servers(OTHER, withTokenIssuer(OTHER)),
      `${at} names two authorization servers whose tokens have the issuer "${OTHER}"`,
    ],
    [
      'the tokenIssuer of a server of another resource, at another origin',
      resources(
        resource('notes', withTokenIssuer(STS)),
        resource('tasks', withTokenIssuer(STS, OTHER)),
      ),
      `protectedResources names two authorization servers at different origins whose tokens have the issuer "${STS}", so each could make tokens in the name of the other; change the "tokenIssuer" of one server`,
    ],
    [
      'the issuer of a server of another resource, at another origin',
      resources(resource('notes', OTHER), resource('tasks', withTokenIssuer(OTHER))),
      `protectedResources names two authorization servers at different origins whose tokens have the issuer "${OTHER}"`,
    ],
    [
      'a tokenIssuer at one resource, and none for the same server at another resource',
      resources(resource('notes', withTokenIssuer(STS)), resource('tasks', ISSUER)),
      `protectedResources configures the issuer "${ISSUER}" in two different ways`,
    ],
    [
      'a tokenIssuer in publishedIssuers',
      options({
        metadata: { authorizationServers: [withTokenIssuer(OTHER)] },
        resource: { publishedIssuers: [OTHER] },
      }),
      `protectedResources.publishedIssuers names "${OTHER}", which is only the tokenIssuer of an authorization server; write the issuer of that server instead, because clients find its metadata there`,
    ],
    [
      '{tenant} without tenants',
      servers(withTokenIssuer('urn:{tenant}')),
      `${at} contains a tokenIssuer with "{tenant}", but the issuer of that server does not contain "{tenant}"`,
    ],
    [
      '{tenant} without {tenant} in the issuer',
      tenants(withTokenIssuer('urn:{tenant}')),
      `${at} contains a tokenIssuer with "{tenant}", but the issuer of that server does not contain "{tenant}"; put it into the issuer too, or let "tenants" return the authorizationServers of each tenant instead`,
    ],
    [
      'one tokenIssuer and one audience for all tenants',
      tenants(withTokenIssuer(STS, `${ISSUER}/{tenant}`), { audience: 'api://notes' }),
      'protectedResources.tenants would accept a token of one tenant at another tenant; put "{tenant}" into every audience, or into the tokenIssuer of every authorization server (and use no resolver)',
    ],
    [
      'one tokenIssuer for all tenants in a list, and one audience for all tenants',
      tenants(withTokenIssuer(['urn:{tenant}', STS], `${ISSUER}/{tenant}`), {
        audience: 'api://notes',
      }),
      'protectedResources.tenants would accept a token of one tenant at another tenant; put "{tenant}" into every audience, or into the tokenIssuer',
    ],
    [
      'two tokenIssuers that can be equal for two tenants',
      tenants(withTokenIssuer(['urn-{tenant}', 'urn-{tenant}-v2'], `${ISSUER}/{tenant}`)),
      'protectedResources contains the issuers "urn-{tenant}" and "urn-{tenant}-v2"',
    ],
  ])('%s', (_, given, expected) => {
    expectOneMistake(failureOf(given), expected);
  });

  it.each<[string, unknown]>([
    ['a URL with http:', servers(withTokenIssuer(STS))],
    ['a text that is no URL', servers(withTokenIssuer('urn:example:sts'))],
    ['the issuer itself', servers(withTokenIssuer(ISSUER))],
    ['a list that contains the same text twice', servers(withTokenIssuer([ISSUER, STS, STS]))],
    [
      'a tokenIssuer together with metadata',
      servers({ metadata: { issuer: ISSUER, jwksUri: ISSUER }, tokenIssuer: STS }),
    ],
    ['a tokenIssuer for only one of two servers', servers(withTokenIssuer(STS), OTHER)],
    [
      'the same tokenIssuers for the same server at two resources',
      resources(
        resource('notes', withTokenIssuer([STS, ISSUER])),
        resource('tasks', withTokenIssuer([STS, ISSUER])),
      ),
    ],
    [
      'the same tokenIssuer for two servers of two resources at one origin',
      resources(
        resource('notes', withTokenIssuer(ISSUER, `${ISSUER}/resources/notes`)),
        resource('tasks', withTokenIssuer(ISSUER, `${ISSUER}/resources/tasks`)),
      ),
    ],
    ['the same tokenIssuer for all tenants', tenants(withTokenIssuer(STS, `${ISSUER}/{tenant}`))],
    [
      'a tokenIssuer for each tenant, and one audience for all tenants',
      tenants(withTokenIssuer('urn:{tenant}', `${ISSUER}/{tenant}`), { audience: 'api://notes' }),
    ],
  ])('a correct tokenIssuer is accepted: %s', (_, given) => {
    expect(failureOf(given)).toBeUndefined();
  });
});
