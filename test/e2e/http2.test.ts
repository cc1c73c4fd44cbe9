import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Post, type INestApplication } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { McpAuthModule, McpEndpoint } from 'nestjs-mcp-auth';
import { oneResource, RESOURCE } from '../support/app.js';
import { Issuer } from '../support/issuer.js';

@Controller('mcp')
class McpController {
  @Post()
  @McpEndpoint({ tools: { secret: 'secret' }, filterLists: true })
  handle(@Body() { id }: { id: number }) {
    return { jsonrpc: '2.0', id, result: { tools: [{ name: 'secret' }, { name: 'plain' }] } };
  }
}

describe('over HTTP/2', () => {
  let issuer: Issuer;
  let app: INestApplication;
  let session: ClientHttp2Session;

  beforeAll(async () => {
    issuer = await Issuer.start();
    const module = await Test.createTestingModule({
      imports: [McpAuthModule.forRoot(oneResource(issuer.url))],
      controllers: [McpController],
    }).compile();
    const adapter = new FastifyAdapter({ http2: true } as never);
    app = module.createNestApplication(adapter, { logger: false });
    await app.listen(0, '127.0.0.1');
    session = connect(await app.getUrl());
  });

  afterAll(async () => {
    session.destroy();
    await app.close();
    await issuer.down();
  });

  async function post(
    message: object,
    scope?: string,
  ): Promise<{ headers: IncomingHttpHeaders & { ':status'?: number }; body: string }> {
    const token = await issuer.mint({ audience: RESOURCE, claims: { scope } });
    const request = session.request({
      ':method': 'POST',
      ':path': '/mcp',
      'content-type': 'application/json',
      ...(scope === undefined ? {} : { authorization: `Bearer ${token}` }),
    });
    request.end(JSON.stringify({ jsonrpc: '2.0', id: 1, ...message }));
    return new Promise((resolve, reject) => {
      let headers: IncomingHttpHeaders = {};
      let body = '';
      request.on('response', (received) => (headers = received));
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => resolve({ headers, body }));
      request.on('error', reject);
    });
  }

  it('challenges, rejects and accepts requests', async () => {
    expect((await post({ method: 'tools/list' })).headers[':status']).toBe(401);
    const refused = await post({ method: 'tools/call', params: { name: 'secret' } }, '');
    expect(refused.headers[':status']).toBe(403);
    expect(refused.headers['www-authenticate']).toContain('scope="secret"');
    const allowed = await post({ method: 'tools/call', params: { name: 'secret' } }, 'secret');
    expect(allowed.headers[':status']).toBe(201);
  });

  it.each([
    ['', ['plain']],
    ['secret', ['secret', 'plain']],
  ])('filters a list for the scope "%s"', async (scope, names) => {
    const { body } = await post({ method: 'tools/list' }, scope);
    const { result } = JSON.parse(body) as { result: { tools: { name: string }[] } };
    expect(result.tools.map(({ name }) => name)).toEqual(names);
  });
});
