import { describe, expect, it } from '@jest/globals';
import { request as httpRequest } from 'node:http';
import { Controller, Get, Post } from '@nestjs/common';
import { AuthInfo, OptionalAuth, Public, RequireScopes } from 'nestjs-mcp-auth';
import { adapters, oneResource, RESOURCE, startApp, stopApps } from '../support/app.js';
import type { MintOptions } from '../support/issuer.js';
import { serve } from '../support/serve.js';

@Controller('notes')
@RequireScopes('read:notes')
class NotesController {
  @Get() list(@AuthInfo('subject') owner: string) {
    return { owner };
  }

  @Post() @RequireScopes('write:notes', 'read:notes') write(@AuthInfo() caller: AuthInfo) {
    return { scopes: caller.scopes };
  }

  @Get('offline') @RequireScopes('offline_access') offline() {
    return {};
  }

  @Get('health') @Public() health(@AuthInfo() caller?: AuthInfo) {
    return { owner: caller?.subject ?? 'nobody' };
  }

  @Get('maybe') @OptionalAuth() maybe(@AuthInfo() caller?: AuthInfo) {
    return { owner: caller?.subject ?? 'anonymous' };
  }
}

@Controller('plain')
class PlainController {
  @Get() get(@AuthInfo() caller: AuthInfo) {
    return { owner: caller.subject };
  }
}

const METADATA =
  'resource_metadata="https://api.example.com/.well-known/oauth-protected-resource/notes"';
const READ: MintOptions = { audience: RESOURCE, claims: { scope: 'read:notes' } };
const EXPIRED = 'error="invalid_token", error_description="The access token expired."';

interface Case {
  name: string;
  method?: 'GET' | 'POST';
  path?: string;
  /** The `Authorization` headers. A minted token replaces `{token}`. */
  authorization?: string[];
  token?: MintOptions;
  body?: string;
  status: number;
  challenge?: string;
  answer?: unknown;
}

const TOO_MANY =
  'error="invalid_request", error_description="The request holds more than one Authorization header."';
const NO_TOKEN =
  'error="invalid_request", error_description="The request holds no token after the scheme Bearer."';
const UNREADABLE =
  'error="invalid_request", error_description="The request holds more than one token, or one with characters that no token has."';
const SCOPE = 'scope="read:notes"';
const INSUFFICIENT =
  'error="insufficient_scope", error_description="The access token lacks a scope that this operation needs."';

const cases: Case[] = [
  {
    name: 'a valid token',
    authorization: ['Bearer {token}'],
    status: 200,
    answer: { owner: 'alice' },
  },
  { name: 'the scheme in lower case', authorization: ['bearer {token}'], status: 200 },
  { name: 'two spaces after the scheme', authorization: ['Bearer  {token}'], status: 200 },
  { name: 'no Authorization header', status: 401, challenge: `Bearer ${METADATA}, ${SCOPE}` },
  {
    name: 'an empty Authorization header',
    authorization: [''],
    status: 401,
    challenge: `Bearer ${METADATA}, ${SCOPE}`,
  },
  {
    name: 'another scheme',
    authorization: ['Basic YTpi'],
    status: 401,
    challenge: `Bearer ${METADATA}, ${SCOPE}`,
  },
  {
    name: 'a scheme that begins with Bearer',
    authorization: ['BearerToken {token}'],
    status: 401,
    challenge: `Bearer ${METADATA}, ${SCOPE}`,
  },
  {
    name: 'Bearer without a token',
    authorization: ['Bearer'],
    status: 400,
    challenge: `Bearer ${NO_TOKEN}, ${METADATA}, ${SCOPE}`,
  },
  {
    name: 'two tokens',
    authorization: ['Bearer {token} {token}'],
    status: 400,
    challenge: `Bearer ${UNREADABLE}, ${METADATA}, ${SCOPE}`,
  },
  {
    name: 'two tokens with a comma',
    authorization: ['Bearer {token},{token}'],
    status: 400,
    challenge: `Bearer ${UNREADABLE}, ${METADATA}, ${SCOPE}`,
  },
  {
    name: 'illegal characters',
    authorization: ['Bearer {token}"\\'],
    status: 400,
    challenge: `Bearer ${UNREADABLE}, ${METADATA}, ${SCOPE}`,
  },
  {
    name: 'two Authorization headers',
    authorization: ['Bearer {token}', 'Bearer {token}'],
    status: 400,
    challenge: `Bearer ${TOO_MANY}, ${METADATA}, ${SCOPE}`,
  },
  {
    name: 'two Authorization headers, the second of another scheme',
    authorization: ['Bearer {token}', 'Basic YTpi'],
    status: 400,
    challenge: `Bearer ${TOO_MANY}, ${METADATA}, ${SCOPE}`,
  },
  {
    name: 'a token in the query',
    path: '/notes?access_token={token}',
    status: 401,
    challenge: `Bearer ${METADATA}, ${SCOPE}`,
  },
  {
    name: 'a token in the body',
    method: 'POST',
    body: '{"access_token":"{token}"}',
    status: 401,
    challenge: `Bearer ${METADATA}, scope="read:notes write:notes"`,
  },
  {
    name: 'an expired token',
    token: { ...READ, claims: { scope: 'read:notes', exp: 1 } },
    status: 401,
    challenge: `Bearer ${EXPIRED}, ${METADATA}, ${SCOPE}`,
  },
  {
    name: 'an expired token without the scopes',
    method: 'POST',
    token: { ...READ, claims: { scope: '', exp: 1 } },
    status: 401,
    challenge: `Bearer ${EXPIRED}, ${METADATA}, scope="read:notes write:notes"`,
  },
  {
    name: 'a token without the scope',
    token: { audience: RESOURCE },
    status: 403,
    challenge: `Bearer ${INSUFFICIENT}, ${METADATA}, ${SCOPE}`,
  },
  {
    name: 'a token with one of two scopes, with a challenge that names both scopes',
    method: 'POST',
    token: READ,
    status: 403,
    challenge: `Bearer ${INSUFFICIENT}, ${METADATA}, scope="read:notes write:notes"`,
  },
  {
    name: 'a token with both scopes',
    method: 'POST',
    token: { audience: RESOURCE, claims: { scope: 'write:notes read:notes' } },
    status: 201,
    answer: { scopes: ['write:notes', 'read:notes'] },
  },
  {
    name: 'a scope in another case',
    token: { audience: RESOURCE, claims: { scope: 'Read:notes' } },
    status: 403,
  },
  {
    name: 'scopes separated by a tab',
    token: { audience: RESOURCE, claims: { scope: 'a\tread:notes' } },
    status: 403,
  },
  {
    name: 'a handler that needs offline_access, which no challenge names',
    path: '/notes/offline',
    token: READ,
    status: 403,
    challenge: `Bearer ${INSUFFICIENT}, ${METADATA}, ${SCOPE}`,
  },
  {
    name: 'a handler without scopes and no token',
    path: '/plain',
    status: 401,
    challenge: `Bearer ${METADATA}`,
  },
  {
    name: 'a handler without scopes and a token without scopes',
    path: '/plain',
    token: { audience: RESOURCE },
    status: 200,
    answer: { owner: 'alice' },
  },
  { name: 'a public handler', path: '/notes/health', status: 200, answer: { owner: 'nobody' } },
  {
    name: 'a public handler and a valid token, which is ignored',
    path: '/notes/health',
    token: READ,
    status: 200,
    answer: { owner: 'nobody' },
  },
  {
    name: 'a public handler and a bad token',
    path: '/notes/health',
    authorization: ['Bearer x'],
    status: 200,
  },
  {
    name: 'an optional handler without a token',
    path: '/notes/maybe',
    status: 200,
    answer: { owner: 'anonymous' },
  },
  {
    name: 'an optional handler and another scheme',
    path: '/notes/maybe',
    authorization: ['Basic YTpi'],
    status: 200,
    answer: { owner: 'anonymous' },
  },
  {
    name: 'an optional handler and a valid token',
    path: '/notes/maybe',
    token: READ,
    status: 200,
    answer: { owner: 'alice' },
  },
  {
    name: 'an optional handler and a bad token',
    path: '/notes/maybe',
    authorization: ['Bearer x'],
    status: 401,
  },
  {
    name: 'an optional handler and a token without the scope',
    path: '/notes/maybe',
    token: { audience: RESOURCE },
    status: 403,
  },
  {
    name: 'an optional handler and two headers',
    path: '/notes/maybe',
    authorization: ['Bearer x', 'Bearer x'],
    status: 400,
  },
];

describe.each(adapters)('the answer of the guard, on %s', (adapter) => {
  const server = serve(adapter, { controllers: [NotesController, PlainController] });
  const { issuer } = server;

  it.each(cases)('is $status for $name', async (test) => {
    const token = await issuer.mint(test.token ?? READ);
    const fill = (text: string) => text.replaceAll('{token}', token);
    const authorization = test.authorization ?? (test.token ? ['Bearer {token}'] : []);
    const response = await send(`${server.url}${fill(test.path ?? '/notes')}`, {
      method: test.method,
      authorization: authorization.map(fill),
      body: test.body && fill(test.body),
    });

    expect(response.status).toBe(test.status);
    if (test.challenge !== undefined) {
      expect(response.headers['www-authenticate']).toBe(test.challenge);
    }
    if (test.answer !== undefined) {
      expect(JSON.parse(response.body)).toEqual(test.answer);
    }
    if (test.status >= 400) {
      expect(Object.keys(JSON.parse(response.body) as object)).toEqual([
        'error',
        'error_description',
      ]);
      expect(response.headers['access-control-expose-headers']).toBe('WWW-Authenticate');
      expect(JSON.stringify(response)).not.toContain(token);
    }
  });

  it('has the error "unauthorized" in its body if the request has no token', async () => {
    const response = await send(`${server.url}/notes`, {});
    expect(JSON.parse(response.body)).toEqual({
      error: 'unauthorized',
      error_description: 'This resource needs an access token.',
    });
  });
});

describe.each(adapters)(
  'the header Access-Control-Expose-Headers of a rejection, on %s',
  (adapter) => {
    it('adds WWW-Authenticate to the fields that the application exposes', async () => {
      const { url } = await startApp({
        adapter,
        options: oneResource('https://auth.example.com'),
        controllers: [PlainController],
        setUp: (app) => {
          app.enableCors({ exposedHeaders: ['X-Request-Id', 'www-authenticate'] });
        },
      });
      const { headers } = await send(`${url}/plain`, {});
      expect(headers['access-control-expose-headers']).toBe('X-Request-Id, WWW-Authenticate');
      await stopApps();
    });
  },
);

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** `fetch` cannot send a header twice. */
async function send(
  url: string,
  {
    method = 'GET',
    authorization = [],
    body,
  }: { method?: string; authorization?: string[]; body?: string },
): Promise<Answer> {
  const { host } = new URL(url);
  const content = method === 'POST' ? (body ?? '{}') : undefined;
  const headers = ['Host', host, ...authorization.flatMap((value) => ['Authorization', value])];
  if (content !== undefined) {
    headers.push(
      'Content-Type',
      'application/json',
      'Content-Length',
      String(Buffer.byteLength(content)),
    );
  }
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers: headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        });
      });
    });
    request.on('error', reject);
    request.end(content);
  });
}
