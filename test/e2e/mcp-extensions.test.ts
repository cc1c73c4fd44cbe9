import { describe, expect, it } from '@jest/globals';
import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { memorySkillFiles, SkillCatalog } from '@modelcontextprotocol/server/ext/skills';
import {
  McpEndpoint,
  nodeRequest,
  nodeResponse,
  type McpEndpointOptions,
  type AdapterRequest,
  type AdapterResponse,
} from 'nestjs-mcp-auth';
import { adapters } from '../support/app.js';
import { serve } from '../support/serve.js';
import { call, send } from '../support/mcp/wire.js';

const skill = (name: string) => `---\nname: ${name}\ndescription: A skill.\n---\nDo it.\n`;
const catalog = SkillCatalog.load(
  memorySkillFiles({
    'review/SKILL.md': skill('review'),
    'review/internal/NOTES.md': 'For reviewers alone.',
    'secret/SKILL.md': skill('secret'),
  }),
);
const handler = toNodeHandler(
  createMcpHandler(async () => {
    const server = new McpServer({ name: 'skills', version: '1.0.0' });
    (await catalog).attach(server);
    return server;
  }),
);

const OPTIONS: McpEndpointOptions = { filterLists: true };

@Controller('skills')
class SkillsController {
  @Post('all')
  @McpEndpoint({ ...OPTIONS, resources: { 'skill://{+path}': 'read:skills' } })
  async all(
    @Req() request: AdapterRequest,
    @Res() response: AdapterResponse,
    @Body() body: unknown,
  ) {
    await handler(nodeRequest(request), nodeResponse(response), body);
  }

  @Post('some')
  @McpEndpoint({
    ...OPTIONS,
    resources: {
      'skill://secret{+path}': 'read:secret',
      'skill://{skill}/internal{+path}': 'read:internal',
    },
  })
  async some(
    @Req() request: AdapterRequest,
    @Res() response: AdapterResponse,
    @Body() body: unknown,
  ) {
    await handler(nodeRequest(request), nodeResponse(response), body);
  }
}

describe.each(adapters)('the skills extension of SDK v2, on %s', (adapter) => {
  const server = serve(adapter, { controllers: [SkillsController] });
  const mint = (scope = '') => server.mint({ claims: { scope } });

  const result = async (path: string, body: unknown, scope = '') => {
    const { status, messages } = await send(`${server.url}/skills/${path}`, body, {
      token: await mint(scope),
    });
    expect({ status, error: messages[0]?.error }).toEqual({ status: 200, error: undefined });
    return messages[0]?.result as Record<string, unknown>;
  };

  it.each([
    ['skills/get', 'skill://review/SKILL.md'],
    ['resources/directory/read', 'skill://review'],
    ['resources/read', 'skill://review/SKILL.md'],
  ])('%s needs the scopes of the skill that it names', async (method, uri) => {
    const asked = call(method, { uri });
    const { status, headers } = await send(`${server.url}/skills/all`, asked, {
      token: await mint(),
    });
    expect(status).toBe(403);
    expect(headers.get('www-authenticate')).toContain('scope="read:skills"');
    expect(await result('all', asked, 'read:skills')).toBeDefined();
  });

  it('lists only the skills and files that the caller may read', async () => {
    const listed = async (path: string, scope?: string) => {
      const { skills } = await result(path, call('skills/list'), scope);
      return (skills as { uri: string; resources: { uri: string }[] }[]).map((entry) => [
        entry.uri,
        ...entry.resources.map(({ uri }) => uri),
      ]);
    };
    const review = ['skill://review/SKILL.md', 'skill://review/SKILL.md'];
    const notes = 'skill://review/internal/NOTES.md';
    const secret = ['skill://secret/SKILL.md', 'skill://secret/SKILL.md'];
    expect(await listed('all')).toEqual([]);
    expect(await listed('all', 'read:skills')).toEqual([[...review, notes], secret]);
    expect(await listed('some')).toEqual([review]);
    expect(await listed('some', 'read:secret read:internal')).toEqual([[...review, notes], secret]);
  });

  it('filters a directory and the files of one skill', async () => {
    const directory = call('resources/directory/read', { uri: 'skill://review' });
    const uris = ({ resources }: { resources: { uri: string }[] }) =>
      resources.map(({ uri }) => uri);
    expect(uris((await result('some', directory)) as never)).toEqual(['skill://review/SKILL.md']);
    const one = await result('some', call('skills/get', { uri: 'skill://review/SKILL.md' }));
    expect(uris(one.skill as never)).toEqual(['skill://review/SKILL.md']);
  });
});
