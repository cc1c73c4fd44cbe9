import { beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Post, type LoggerService } from '@nestjs/common';
import { McpEndpoint } from 'nestjs-mcp-auth';
import { bearer, oneResource, RESOURCE, startApp, startFailure } from '../support/app.js';
import { useIssuer } from '../support/serve.js';

const HOSTILE = '\r\n[Nest] 1 - LOG all is well \u001b[31m\u0007\u009b\u2028\u202e\u2066';
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

@Controller('notes')
class NotesController {
  @Get() get() {
    return {};
  }

  @Post() @McpEndpoint() mcp() {
    return {};
  }
}

const logged: string[] = [];
const write = (line: string) => void logged.push(line);
const logger: LoggerService = { log: () => 0, warn: write, error: write, debug: write };

const issuer = useIssuer({ per: 'test' });

beforeEach(() => {
  logged.length = 0;
});

/** Returns the log without the summary of handlers, which has several lines. */
const lines = () => logged.filter((line) => !line.startsWith('Protected handlers'));

describe('control characters in the metadata of an authorization server', () => {
  it.each<[string, Record<string, unknown>]>([
    ['issuer', { issuer: `https://evil.example.com${HOSTILE}` }],
    ['jwks_uri', { jwks_uri: `https://evil.example.com/${HOSTILE}` }],
    ['jwks_uri that cannot be reached', { jwks_uri: `http://localhost:9/${encodeURI('\r\n')}` }],
    ['endpoints', { authorization_endpoint: HOSTILE, token_endpoint: HOSTILE }],
    ['lists', { code_challenge_methods_supported: [HOSTILE], response_types_supported: [HOSTILE] }],
  ])('are escaped in the log: %s', async (_, metadata) => {
    issuer.metadata = metadata;
    const { url } = await startApp({
      adapter: 'express',
      options: oneResource(issuer.url),
      controllers: [NotesController],
      nest: { logger },
    });
    await fetch(`${url}/notes`, bearer(await issuer.mint({ audience: RESOURCE })));
    expect(logged.length).toBeGreaterThan(0);
    for (const line of lines()) {
      expect(line).not.toMatch(CONTROL);
      expect(line.length).toBeLessThan(5000);
    }
  });

  it("are escaped in the error that stops the start with discovery: 'eager'", async () => {
    issuer.metadata = { issuer: `https://evil.example.com${HOSTILE}` };
    const options = { ...oneResource(issuer.url), discovery: 'eager' as const };
    const failure = await startFailure({ options });
    expect(failure?.message).toContain('https://evil.example.com');
    expect(failure?.message).not.toMatch(CONTROL);
  });
});

describe('an MCP endpoint without a body parser', () => {
  it('is reported in the log, once', async () => {
    const { url } = await startApp({
      adapter: 'express',
      options: oneResource(issuer.url),
      controllers: [NotesController],
      nest: { logger, bodyParser: false },
    });
    const { headers } = bearer(await issuer.mint({ audience: RESOURCE }));
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
    const post = async (type: string) =>
      fetch(`${url}/notes`, {
        method: 'POST',
        headers: { ...headers, 'content-type': type },
        body,
      });
    const warnings = () => lines().filter((line) => line.includes('body parser'));
    expect((await post('text/plain')).status).toBe(400);
    expect(warnings()).toEqual([]);
    expect((await post('application/json')).status).toBe(400);
    expect((await post('application/json')).status).toBe(400);
    expect(warnings()).toEqual([
      expect.stringMatching(
        /^NotesController\.mcp got JSON that was not parsed.*bodyParser: false/,
      ),
    ]);
  });
});
