import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { startDevServer, type DevServer } from 'nestjs-mcp-auth/dev-server';
import { HELP, readArguments } from '../../sample/todo-manager/arguments.js';
import { createApp } from '../../sample/todo-manager/create-app.js';
import { readSettings } from '../../sample/todo-manager/settings.js';
import { TODO_SCOPES, type Todo } from '../../sample/todo-manager/todos/todo.js';
import { USERS } from '../../sample/todo-manager/users.js';
import { McpSession } from '../../sample/todo-manager/walk-through/mcp-session.js';
import { freePort } from '../support/mcp-flow/free-port.js';

const READER = { username: 'reader', password: 'reader', scopes: ['read:todos'] };

describe.each(['express', 'fastify'] as const)('the todo manager on %s', (adapter) => {
  let authorizationServer: DevServer;
  let app: INestApplication;
  let endpoint: URL;
  const sessions = new Map<string, McpSession>();

  beforeAll(async () => {
    const port = await freePort();
    endpoint = new URL(`http://localhost:${port}/mcp`);
    const people = [...Object.values(USERS), READER];
    authorizationServer = await startDevServer({
      port: 0,
      resources: [{ resource: endpoint.href, scopes: TODO_SCOPES }],
      users: people,
    });
    app = await createApp(
      { resource: endpoint.href, issuers: [authorizationServer.issuer] },
      adapter,
    );
    await app.listen(port, 'localhost');
    for (const person of people) {
      const session = new McpSession(endpoint, person);
      await session.arrive();
      await session.logIn();
      await session.connect();
      sessions.set(person.username, session);
    }
    // The metadata does not list the scope of this tool, so admin needs a step-up.
    await as('admin').callForMore('delete-todo', { id: 'todo-1' });
    await as('admin').logIn();
    await as('admin').connect();
  });

  afterAll(async () => {
    await Promise.all([...sessions.values()].map((session) => session.close()));
    await app.close();
    await authorizationServer.close();
  });

  const as = (name: string) => {
    const session = sessions.get(name);
    if (!session) throw new Error(`${name} has not logged in`);
    return session;
  };

  const rest = (method: string, path: string, name?: string, body?: unknown) =>
    fetch(new URL(path, endpoint), {
      method,
      headers: {
        ...(name !== undefined && { authorization: `Bearer ${as(name).accessToken}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

  const createOverMcp = async (name: string, content: string) =>
    JSON.parse((await as(name).call('create-todo', { content })).text) as Todo;

  describe('the console', () => {
    it('is served without a token, under a strict policy', async () => {
      const response = await rest('GET', '/');
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(response.headers.get('content-security-policy')).toBe(
        `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' ${authorizationServer.issuer}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      );
      expect(await response.text()).not.toMatch(/<script(?! type="module" src=)|<style| style=/);
    });

    it.each([
      ['main.js', 'text/javascript; charset=utf-8'],
      ['console.css', 'text/css; charset=utf-8'],
      ['icon.svg', 'image/svg+xml; charset=utf-8'],
      ['callback.html', 'text/html; charset=utf-8'],
    ])('has the file %s', async (name, type) => {
      const { status, headers } = await rest('GET', `/console/${name}`);
      expect([status, headers.get('content-type')]).toEqual([200, type]);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    });

    it.each(['tsconfig.json', '..%2fconsole.module.ts', '%2e%2e%2fstatic-files.ts', '__proto__'])(
      'has no file %s',
      async (name) => {
        expect((await rest('GET', `/console/${name}`)).status).toBe(404);
      },
    );
  });

  describe('over REST', () => {
    it('challenges a caller without a token', async () => {
      const { status, headers } = await rest('GET', '/todos');
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toContain(
        '/.well-known/oauth-protected-resource/mcp',
      );
    });

    it('lets user create, see and delete todos of their own', async () => {
      const created = await rest('POST', '/todos', 'user', { content: 'Buy milk' });
      expect(created.status).toBe(201);
      const todo = (await created.json()) as Todo;
      expect(todo).toMatchObject({ content: 'Buy milk', owner: 'user' });

      expect(await (await rest('GET', '/todos', 'user')).json()).toContainEqual(todo);
      expect((await rest('DELETE', `/todos/${todo.id}`, 'user')).status).toBe(200);
      expect(await (await rest('GET', '/todos', 'user')).json()).not.toContainEqual(todo);
    });

    it("hides other people's todos from user, and shows them to admin", async () => {
      const todo = await createOverMcp('admin', 'Renew the certificate');
      expect(await (await rest('GET', '/todos', 'user')).json()).not.toContainEqual(todo);
      expect((await rest('DELETE', `/todos/${todo.id}`, 'user')).status).toBe(403);
      expect(await (await rest('GET', '/todos', 'admin')).json()).toContainEqual(todo);
      expect((await rest('DELETE', `/todos/${todo.id}`, 'admin')).status).toBe(200);
    });

    it('names the missing scope', async () => {
      const { status, headers } = await rest('POST', '/todos', 'reader', { content: 'Buy milk' });
      expect(status).toBe(403);
      expect(headers.get('www-authenticate')).toContain('error="insufficient_scope"');
      expect(headers.get('www-authenticate')).toContain('scope="create:todos"');
    });

    it('rejects a todo without content', async () => {
      expect((await rest('POST', '/todos', 'user', { content: '' })).status).toBe(400);
    });

    it('answers 404 for an unknown todo', async () => {
      expect((await rest('DELETE', '/todos/none', 'user')).status).toBe(404);
    });
  });

  describe('over MCP', () => {
    it.each(['user', 'admin'] as const)('recognizes %s', async (name) => {
      const { text } = await as(name).call('whoami');
      expect(JSON.parse(text)).toMatchObject({
        issuer: authorizationServer.issuer,
        subject: name,
        scopes: USERS[name].scopes,
      });
    });

    it('lets user create, see and delete their own todos', async () => {
      const todo = await createOverMcp('user', 'Feed the cat');
      expect(todo.owner).toBe('user');
      expect((await as('user').call('get-todos')).text).toContain(todo.id);
      expect((await as('user').call('delete-todo', { id: todo.id })).isError).toBe(false);
      expect((await as('user').call('get-todos')).text).not.toContain(todo.id);
    });

    it("does not show user another user's todo, but shows it to admin", async () => {
      const todo = await createOverMcp('user', 'Feed the cat');
      const challenge = await as('reader').callForMore('delete-todo', { id: todo.id });
      expect(challenge).toContain('scope="delete:todos"');
      expect((await as('admin').call('delete-todo', { id: todo.id })).isError).toBe(false);
    });

    it('names the scope that a tool lacks', async () => {
      const challenge = await as('reader').callForMore('create-todo', { content: 'Feed the cat' });
      expect(challenge).toContain('error="insufficient_scope"');
      expect(challenge).toContain('scope="create:todos"');
      expect(challenge).toContain('/.well-known/oauth-protected-resource/mcp"');
    });

    it('does not mix up concurrent callers', async () => {
      const names = Array.from(
        { length: 60 },
        (_, index) => ['user', 'admin', 'reader'][index % 3],
      );
      const subjects = await Promise.all(
        names.map(async (name = '') => {
          const { text } = await as(name).call('whoami');
          return (JSON.parse(text) as { subject: string }).subject;
        }),
      );
      expect(subjects).toEqual(names);
    });

    it('can be called from a page of another origin', async () => {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: {
          origin: 'http://localhost:6274',
          authorization: `Bearer ${as('user').accessToken}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
      });
      expect(response.status).toBe(200);
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      await response.text();
    });
  });
});

describe('the arguments of the todo manager', () => {
  it.each([
    [[], { once: false, help: false }],
    [['--once'], { once: true, help: false }],
    [['--help'], { once: false, help: true }],
    [['-h', '--once'], { once: true, help: true }],
  ])('reads %j', (args, expected) => {
    expect(readArguments(args)).toEqual(expected);
  });

  it.each([[['--twice']], [['once']]])('rejects %j', (args) => {
    expect(() => readArguments(args)).toThrow(/The only options are --once and --help/);
  });

  it('are all in the help text, as are the environment variables', () => {
    for (const name of ['--once', '--help', 'PORT', 'ADAPTER', 'ISSUER', 'RESOURCE']) {
      expect(HELP).toContain(name);
    }
  });
});

describe('the environment variables of the todo manager', () => {
  it('have defaults', () => {
    expect(readSettings({})).toEqual({
      port: 3001,
      resource: 'http://localhost:3001/mcp',
      adapter: 'express',
      issuers: [],
    });
  });

  it('name a resource as it is published', () => {
    const { resource } = readSettings({ RESOURCE: 'https://todos.example/' });
    expect(resource).toBe('https://todos.example');
  });

  it('may hold several issuers', () => {
    const { issuers } = readSettings({ ISSUER: 'https://a.example, https://b.example' });
    expect(issuers).toEqual(['https://a.example', 'https://b.example']);
  });

  it.each([
    [{ PORT: '0' }, 'PORT must be a number from 1 to 65534, not "0".'],
    [{ PORT: 'http' }, 'PORT must be a number from 1 to 65534, not "http".'],
    [{ ADAPTER: 'koa' }, 'ADAPTER must be express or fastify, not "koa".'],
  ])('reject %j', (env, message) => {
    expect(() => readSettings(env)).toThrow(message);
  });
});
