import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Post, type LoggerService } from '@nestjs/common';
import {
  McpEndpoint,
  OptionalAuth,
  RequireAuth,
  RequireScopes,
  Resource,
  TokenVerifier,
  type ProtectedResourceOptions,
} from 'nestjs-mcp-auth';
import { adapters, startApp, stopApps } from '../support/app.js';

const ISSUER = 'https://auth.example.com';
const at = (name: string) => `https://api.example.com/${name}`;
const verified = { issuer: ISSUER, audience: at('notes'), subject: 'alice' };

/** The function of the application. Each test sets it. */
let given: () => unknown;
const give = () => given() as never;
const TIMEOUT = 150;

@Injectable()
class HangingVerifier extends TokenVerifier {
  override verify(): never {
    return give();
  }
}

@Controller()
@Resource(at('notes'))
class NotesController {
  @Get('condition') @RequireAuth(() => give()) condition() {
    return {};
  }

  @Get('second-condition')
  @RequireAuth(() => true, () => give())
  second() {
    return {};
  }

  @Get('scopes') @RequireScopes(() => give()) scopes() {
    return {};
  }

  @Post('operation') @McpEndpoint({ tools: { add: () => give() } }) operation() {
    return {};
  }

  @Post('anonymous') @OptionalAuth() @McpEndpoint({ tools: { add: () => give() } }) anonymous() {
    return {};
  }

  @Get('function') @Resource(at('function')) byFunction() {
    return {};
  }

  @Get('class') @Resource(at('class')) byClass() {
    return {};
  }
}

const CALL = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'add' } };
const paths = ['condition', 'second-condition', 'scopes', 'operation', 'anonymous'];
const verifiers = ['function', 'class'];
const logged: string[] = [];
const ignore = () => undefined;
const logger: LoggerService = {
  log: ignore,
  warn: ignore,
  error: (line: string) => void logged.push(line),
};

describe.each(adapters)('a function of the application that never answers, on %s', (adapter) => {
  let url: string;

  beforeAll(async () => {
    const resource = (
      name: string,
      tokenVerifier: ProtectedResourceOptions['tokenVerifier'],
    ): ProtectedResourceOptions => ({
      metadata: { resource: at(name), authorizationServers: [ISSUER] },
      tokenVerifier,
    });
    ({ url } = await startApp({
      adapter,
      options: {
        fetchTimeout: TIMEOUT,
        protectedResources: [
          resource('notes', () => verified),
          resource('function', () => give()),
          resource('class', HangingVerifier),
        ],
      },
      controllers: [NotesController],
      nest: { logger },
    }));
  });

  afterAll(stopApps);

  beforeEach(() => {
    logged.length = 0;
  });

  const call = async (path: string) => {
    const isPost = ['operation', 'anonymous'].includes(path);
    return fetch(`${url}/${path}`, {
      headers: {
        ...(path !== 'anonymous' && { authorization: 'Bearer any-string' }),
        ...(isPost && { 'content-type': 'application/json' }),
      },
      ...(isPost && { method: 'POST', body: JSON.stringify(CALL) }),
    });
  };

  it.each([...paths, ...verifiers])('results in 503, and the log names it: %s', async (path) => {
    given = () => new Promise(() => undefined);
    const response = await call(path);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(logged).toEqual([
      expect.stringMatching(
        verifiers.includes(path)
          ? /^The tokenVerifier of https:\/\/api\.example\.com\/\w+ gave no answer within 150 ms/
          : /on NotesController\.\w+ gave no answer within 150 ms \(fetchTimeout\)\.$/,
      ),
    ]);
  });

  it('results in 503 for each request, and is logged at intervals', async () => {
    given = () => new Promise(() => undefined);
    const answers = await Promise.all(Array.from({ length: 20 }, async () => call('condition')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    expect(logged.length).toBeLessThan(2);
  });

  it('does not affect later requests when it rejects after its deadline', async () => {
    let fail: (error: Error) => void = ignore;
    given = () => new Promise((_, reject) => (fail = reject));
    expect((await call('scopes')).status).toBe(503);
    fail(new Error('too late'));
    given = () => Promise.resolve([]);
    expect((await call('scopes')).status).toBe(200);
  });

  it.each(paths)('is distinguished from a function that answers in time: %s', async (path) => {
    const answer = path.includes('condition') ? true : [];
    given = () => new Promise((resolve) => setImmediate(resolve, answer));
    expect([200, 201]).toContain((await call(path)).status);
    expect(logged).toEqual([]);
  });
});
