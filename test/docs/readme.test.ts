import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { McpServer } from '@modelcontextprotocol/server';
import { Controller, Get, Inject, type Type } from '@nestjs/common';
import { adapters, bearer } from '../support/app.js';
import { call, send } from '../support/mcp/wire.js';
import { controllerOf } from './support/mcp-server.js';
import { Page } from './support/page.js';
import { serve, stop, tokenOf } from './support/serve.js';

const page = await Page.open('README.md');
const { AppModule } = await page.run<{ AppModule: Type }>('The smallest module');
const { NotesController } = await page.run<{ NotesController: Type }>('Protect a controller');
const { NotesService } = await page.run<{ NotesService: Type<{ whoami: () => object }> }>(
  'Who is calling',
);
const { createServer } = await page.run<{ createServer: () => McpServer }>('Who is calling', 2);

@Controller('whoami')
class WhoamiController {
  constructor(@Inject(NotesService) private readonly notes: { whoami: () => object }) {}

  @Get() get() {
    return this.notes.whoami();
  }
}

/** The principal of Alice at the issuer of the README. */
const ALICE = `user.${hex('https://auth.example.com')}.${hex('alice')}`;

afterAll(stop);

describe.each(adapters)('the examples of README.md, on %s', (adapter) => {
  let url: string;
  beforeAll(async () => {
    url = await serve(adapter, {
      imports: [AppModule],
      controllers: [NotesController, WhoamiController, controllerOf(createServer)],
      providers: [NotesService],
    });
  });

  const ask = async (path: string, token?: string, method = 'GET') => {
    const response = await fetch(`${url}/${path}`, { method, ...(token && bearer(token)) });
    return { status: response.status, body: await response.text() };
  };

  it('challenges a request without a token', async () => {
    const response = await fetch(`${url}/notes`);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(
      'Bearer resource_metadata="https://api.example.com/.well-known/oauth-protected-resource/mcp", scope="read:notes"',
    );
  });

  it.each<[string, string, string | undefined, number, string]>([
    [
      'GET',
      'notes',
      tokenOf('alice', 'read:notes'),
      200,
      `[{"owner":"${ALICE}","text":"Buy milk"}]`,
    ],
    ['POST', 'notes', tokenOf('alice', 'read:notes', 'write:notes'), 201, ''],
    ['POST', 'notes', tokenOf('alice', 'write:notes'), 403, 'insufficient_scope'],
    ['GET', 'notes/front-page', undefined, 200, 'Welcome'],
    ['GET', 'notes/front-page', tokenOf('alice', 'read:notes'), 200, 'Welcome back, alice'],
    ['GET', 'notes/front-page', tokenOf('alice'), 403, 'insufficient_scope'],
    ['GET', 'notes/health', undefined, 200, 'ok'],
  ])('%s %s with %s is %i', async (method, path, token, status, body) => {
    const answer = await ask(path, token, method);
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(body);
  });

  it('injects the caller into a service', async () => {
    expect(JSON.parse((await ask('whoami', tokenOf('alice', 'a'))).body)).toEqual({
      issuer: 'https://auth.example.com',
      subject: 'alice',
      clientId: 'test',
      scopes: ['a'],
    });
  });

  it('provides the caller to a tool', async () => {
    const answer = await send(`${url}/mcp`, call('tools/call', { name: 'whoami' }), {
      token: tokenOf('alice', 'a', 'b'),
    });
    expect(answer.text).toContain('test: a b');
  });
});

it('every example of README.md is run by a test', () => {
  expect(page.notRun).toEqual([]);
});

function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}
