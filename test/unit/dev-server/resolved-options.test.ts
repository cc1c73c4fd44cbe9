import { describe, expect, it } from '@jest/globals';
import type { DevServerOptions } from '../../../lib/dev-server/dev-server.options.js';
import { resolveOptions } from '../../../lib/dev-server/resolved-options.js';

const NOTES = {
  resource: 'http://localhost:3000/mcp',
  scopes: ['read:notes', 'write:notes', 'share:notes'],
};
const ALICE = { username: 'alice', password: 'secret', scopes: ['read:notes'] };

describe('the options of the development server', () => {
  it('have defaults', () => {
    const tasks = { resource: 'https://tasks.example.com/mcp', scopes: ['read:tasks'] };
    expect(resolveOptions({ resources: [NOTES, tasks] })).toEqual({
      resources: [NOTES, tasks],
      host: 'localhost',
      port: 0,
      users: [
        { username: 'alice', password: 'alice', scopes: [...NOTES.scopes, 'read:tasks'] },
        { username: 'bob', password: 'bob', scopes: ['read:notes', 'write:notes'] },
      ],
    });
  });

  it('name a scope of several resources once', () => {
    const other = { ...NOTES, resource: 'http://localhost:3001/mcp' };
    const { users } = resolveOptions({ resources: [NOTES, other] });
    expect(users.map(({ scopes }) => scopes.length)).toEqual([3, 2]);
  });

  it('name resources and issuers as they are published', () => {
    const { resources, issuer } = resolveOptions({
      resources: [{ ...NOTES, resource: 'https://notes.example.com/' }],
      issuer: 'http://auth.localhost:9000/',
    });
    expect(resources[0]?.resource).toBe('https://notes.example.com');
    expect(issuer).toBe('http://auth.localhost:9000');
  });

  it.each<[string, Partial<DevServerOptions>, string]>([
    ['no resource', { resources: [] }, 'There must be at least one resource.'],
    [
      'a resource that is no URL',
      { resources: [{ ...NOTES, resource: 'notes' }] },
      'The resource "notes" must be an absolute URL with scheme and host, such as "https://example.com/path".',
    ],
    [
      'a resource with a fragment',
      { resources: [{ ...NOTES, resource: 'http://localhost:3000/mcp#a' }] },
      'The resource "http://localhost:3000/mcp#a" must not have a fragment; remove "#" and what follows.',
    ],
    [
      'a resource twice',
      { resources: [NOTES, NOTES] },
      'The resource "http://localhost:3000/mcp" is there twice.',
    ],
    [
      'two scopes in one text',
      { resources: [{ ...NOTES, scopes: ['read:notes write:notes'] }] },
      'The scope "read:notes write:notes" must be a single scope: printable ASCII without a space, a double quote or a backslash.',
    ],
    ['a user twice', { users: [ALICE, ALICE] }, 'The user "alice" is there twice.'],
    [
      'a user without a name',
      { users: [{ ...ALICE, username: '' }] },
      'A user must have a name and a password.',
    ],
    [
      'a user without a password',
      { users: [{ ...ALICE, password: '' }] },
      'A user must have a name and a password.',
    ],
    [
      'a user with a scope of no resource',
      { users: [{ ...ALICE, scopes: ['read:note'] }] },
      'The user "alice" has the scope "read:note", which no resource has.',
    ],
    [
      'an issuer with a path',
      { issuer: 'http://localhost:9000/auth' },
      'The issuer "http://localhost:9000/auth" must be only an origin in its standard form: "http://localhost:9000".',
    ],
    [
      'an issuer with the default port and upper case',
      { issuer: 'HTTP://Auth.localhost:80' },
      'The issuer "HTTP://Auth.localhost:80" must be only an origin in its standard form: "http://auth.localhost".',
    ],
    [
      'an issuer that is no URL',
      { issuer: 'localhost' },
      'The issuer "localhost" must be an absolute URL with scheme and host, such as "https://example.com/path".',
    ],
  ])('stop the start with %s', (_case, options, message) => {
    expect(() => resolveOptions({ resources: [NOTES], ...options })).toThrow(
      expect.objectContaining({ code: 'invalid_configuration', message }),
    );
  });
});
