import { afterEach, describe, expect, it } from '@jest/globals';
import { expectOneMistake, failureOf, options, ISSUER } from '../../support/option-mistakes.js';

const RESOURCE = 'http://notes-api:3000/mcp';
const HOSTS = ['notes-api', 'host.docker.internal', '192.168.1.5', '[fd00::5]'];

const withHosts = (developmentHosts: unknown, resource = RESOURCE, more = {}) =>
  options({ metadata: { resource }, resource: { developmentHosts, ...more } });

describe('developmentHosts', () => {
  const { NODE_ENV } = process.env;
  afterEach(() => {
    process.env.NODE_ENV = NODE_ENV;
  });

  it.each([
    RESOURCE,
    'http://host.docker.internal/mcp',
    'http://192.168.1.5:8080',
    'http://[fd00::5]:3000/mcp',
    'http://localhost:3000/mcp',
    'https://localhost/mcp',
  ])('accept the resource %s', (resource) => {
    expect(failureOf(withHosts(HOSTS, resource))).toBeUndefined();
  });

  it('accept the URLs of documents about the resource', () => {
    const metadata = { resource: RESOURCE, resourceDocumentation: 'http://notes-api:3000/docs' };
    const given = (developmentHosts?: string[]) =>
      failureOf(options({ metadata, resource: { developmentHosts } }))?.message;
    expect(given(HOSTS)).toBeUndefined();
    expect(given()).toContain('metadata.resourceDocumentation must use https:');
  });

  it('accept the other URLs of the resource', () => {
    const more = {
      metadataUrl: 'http://notes-api:3000/metadata',
      dpop: { mode: 'accepted', publicUrl: 'http://host.docker.internal:3000' },
    };
    expect(failureOf(withHosts(HOSTS, RESOURCE, more))).toBeUndefined();
  });

  it('accept a resource with tenants', () => {
    const resource = 'http://notes-api:3000/{tenant}/mcp';
    expect(failureOf(withHosts(HOSTS, resource, { tenants: ['one'] }))).toBeUndefined();
  });

  it.each<[string, unknown, string, string]>([
    ['another host', HOSTS, 'http://other:3000/mcp', 'metadata.resource must use https: (http: is'],
    [
      'a subdomain of a listed host',
      HOSTS,
      'http://x.notes-api/mcp',
      'metadata.resource must use https: (http: is',
    ],
    ['a text instead of a list', 'notes-api', RESOURCE, 'developmentHosts must be an array'],
    ['an empty list', [], RESOURCE, 'developmentHosts must contain at least one host'],
    [
      'every host',
      ['*', 'notes-api'],
      RESOURCE,
      'developmentHosts item 0 must be a host name or an IP',
    ],
    [
      'a URL',
      ['http://notes-api'],
      RESOURCE,
      'developmentHosts item 0 must be a host name or an IP',
    ],
    [
      'a port',
      ['notes-api', 'x:3000'],
      RESOURCE,
      'developmentHosts item 1 must be a host name or an IP',
    ],
    [
      'upper case',
      ['notes-api', 'Notes'],
      RESOURCE,
      'developmentHosts item 1 must be a host name or an',
    ],
    [
      'a number',
      ['notes-api', 5],
      RESOURCE,
      'developmentHosts item 1 must be a host name or an IP',
    ],
  ])('refuse %s', (_, hosts, resource, expected) => {
    const lines = failureOf(withHosts(hosts, resource))?.message.split('\n') ?? [];
    expect(lines.some((line) => line.startsWith(`- protectedResources.${expected}`))).toBe(true);
  });

  it('have no effect for a resource on the internet', () => {
    expectOneMistake(
      failureOf(withHosts(HOSTS, 'https://api.example.com/mcp')),
      'protectedResources.developmentHosts has no effect, since metadata.resource is neither on this machine nor an http: URL with one of these hosts; remove it, or add its host',
    );
  });

  it.each([undefined, 'production', 'staging', '', 'Development'])(
    'stop the start with NODE_ENV=%s',
    (environment) => {
      if (environment === undefined) {
        delete process.env.NODE_ENV;
      } else {
        process.env.NODE_ENV = environment;
      }
      expectOneMistake(
        failureOf(withHosts(HOSTS)),
        'protectedResources.developmentHosts is only for development, but NODE_ENV is neither "development" nor "test"; remove it, and put a proxy with a certificate before the application',
      );
    },
  );

  it.each(['development', 'test'])('are accepted with NODE_ENV=%s', (environment) => {
    process.env.NODE_ENV = environment;
    expect(failureOf(withHosts(HOSTS))).toBeUndefined();
  });

  it('do not hide two resources with the same path', () => {
    const resource = { metadata: { resource: RESOURCE, authorizationServers: [ISSUER] } };
    const all = { ...resource, developmentHosts: HOSTS };
    expectOneMistake(
      failureOf({ protectedResources: [all, all] }),
      `protectedResources names the resource "${RESOURCE}" twice`,
    );
  });

  it('apply to one resource, and to no other resource', () => {
    const resource = (url: string, more = {}) => ({
      metadata: { resource: url, authorizationServers: [ISSUER] },
      ...more,
    });
    expectOneMistake(
      failureOf({
        protectedResources: [
          resource(RESOURCE, { developmentHosts: HOSTS }),
          resource('http://notes-api:3000/other'),
        ],
      }),
      'protectedResources[1].metadata.resource must use https:',
    );
  });
});
