import { beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Post, type LoggerService } from '@nestjs/common';
import { McpEndpoint } from 'nestjs-mcp-auth';
import { adapters } from '../support/app.js';
import { serve } from '../support/serve.js';
import { mcpController } from '../support/mcp/mcp-controller.js';
import { HANDLERS, TOOLS } from '../support/mcp/todo-server.js';
import { call, send } from '../support/mcp/wire.js';

@Controller('own')
class OwnController {
  @Post('unmarked') unmarked() {
    return {};
  }

  @Post('pages')
  @McpEndpoint({ tools: { absent: 'a' } })
  pages(@Body() { id, params }: { id: number; params: { cursor?: string } }) {
    const nextCursor = params.cursor ? undefined : '2';
    return { jsonrpc: '2.0', id, result: { tools: [{ name: 'one' }], nextCursor } };
  }

  @Post('hidden')
  @McpEndpoint({ tools: { secret: 'a' }, filterLists: true })
  hidden(@Body() { id }: { id: number }) {
    return { jsonrpc: '2.0', id, result: { tools: [{ name: 'secret' }] } };
  }
}

const SERVERS = Object.keys(HANDLERS).map((name, index) => ({ name, path: `mcp-${index}` }));

describe.each(adapters)(
  'a warning that an MCP endpoint protects less than it seems to, on %s',
  (adapter) => {
    const warnings: string[] = [];
    const logger: LoggerService = {
      log: () => undefined,
      error: () => undefined,
      warn: (message: string) => void warnings.push(message),
    };
    const server = serve(adapter, {
      controllers: [
        OwnController,
        ...SERVERS.map(({ name, path }) =>
          mcpController(path, name, {
            tools: { createTodo: 'a', 'delete-todo': 'b', other: [] },
          }),
        ),
        mcpController('right', 'SDK v2', {
          tools: { [TOOLS[0] ?? '']: [] },
          prompts: { nope: [] },
        }),
      ],
      nest: { logger },
    });
    let token: string;

    beforeAll(async () => {
      token = await server.mint();
    });

    const logged = async (path: string, ...bodies: unknown[]) => {
      warnings.length = 0;
      for (const body of bodies) {
        await send(`${server.url}/${path}`, body, { token });
      }
      return warnings;
    };

    it.each(SERVERS)(
      'is logged once for a named tool that the server does not list: $name',
      async ({ path }) => {
        const list = call('tools/list');
        expect(await logged(path, call('ping'), list, list)).toEqual([
          expect.stringMatching(
            /^@McpEndpoint\(\) of McpController\.handle names tools .*: "createTodo" \(did you mean "create-todo"\?\), "other"\./,
          ),
        ]);
      },
    );

    it('is logged for prompts as well, but not for listed prompts', async () => {
      const [warning, ...others] = await logged('right', call('tools/list'), call('prompts/list'));
      expect(warning).toContain('names prompts that its MCP server does not list: "nope".');
      expect(others).toEqual([]);
    });

    it('is not logged for one page of a list, nor for a list filtered for the caller', async () => {
      const pages = [call('tools/list'), call('tools/list', { cursor: '2' })];
      expect(await logged('own/pages', ...pages)).toEqual([]);
      expect(await logged('own/hidden', call('tools/list'))).toEqual([]);
    });

    it.each(SERVERS)(
      'is logged once for a call of a tool in another spelling: $name',
      async ({ path }) => {
        const named = (name: unknown) => call('tools/call', { name, arguments: { title: 'x' } });
        const warnings = await logged(
          path,
          named('createTodo'),
          named('other'),
          named({ toString: 'create-todo' }),
          call('prompts/get', { name: 'create-todo' }),
          named('create-todo'),
          named('create-todo'),
          named('Create_Todo'),
        );
        expect(warnings).toEqual([
          expect.stringMatching(
            /^@McpEndpoint\(\) of McpController\.handle names "createTodo" among its tools, but a client called "create-todo"/,
          ),
        ]);
      },
    );

    it('is logged once for MCP messages at a handler without @McpEndpoint()', async () => {
      const unrelated = [
        { name: 'x' },
        [],
        { jsonrpc: '2.0', method: 'x' },
        { method: 'tools/list' },
      ];
      expect(await logged('own/unmarked', ...unrelated)).toEqual([]);
      expect(await logged('own/unmarked', call('initialize'), [call('tools/list')])).toEqual([
        expect.stringMatching(
          /^OwnController\.unmarked is sent MCP messages and has no @McpEndpoint\(\)/,
        ),
      ]);
    });
  },
);
