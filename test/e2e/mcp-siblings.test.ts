import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Delete,
  Get,
  Header,
  Module,
  Post,
  Version,
  VersioningType,
} from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { McpEndpoint, Public } from 'nestjs-mcp-auth';
import { adapters } from '../support/app.js';
import { serve } from '../support/serve.js';
import { call } from '../support/mcp/wire.js';

/** Opens a session by `POST`. The other routes at the path answer to anybody who sends the id of the session. */
@Controller('mcp')
class McpController {
  @Post() @McpEndpoint() @Header('Mcp-Session-Id', 'session-mcp') open() {
    return {};
  }

  @Get() read() {
    return 'events';
  }

  @Delete('/') end() {
    return 'ended';
  }
}

@Controller('split')
class SplitController {
  @Post() @McpEndpoint() @Header('Mcp-Session-Id', 'session-split') open() {
    return {};
  }
}

@Controller()
class ElsewhereController {
  @Get('/split') readSplit() {
    return 'events';
  }

  @Delete('/split') endSplit() {
    return 'ended';
  }

  @Get('tenants/:id/mcp') read() {
    return 'events';
  }
}

@Controller('tenants/:tenant')
class TenantsController {
  @Post('mcp') @McpEndpoint() @Header('Mcp-Session-Id', 'session-tenants') open() {
    return {};
  }
}

@Controller('routed')
class RoutedController {
  @Post() @McpEndpoint() @Header('Mcp-Session-Id', 'session-routed') open() {
    return {};
  }
}

@Controller(['prefix/routed', 'unrelated'])
class OtherRoutedController {
  @Get() read() {
    return 'events';
  }
}

@Module({ controllers: [RoutedController] })
class RoutedModule {}

@Controller({ path: 'versions', version: '1' })
class FirstController {
  @Post() @McpEndpoint() @Header('Mcp-Session-Id', 'session-versions') open() {
    return {};
  }
}

@Controller('versions')
class SecondController {
  @Get() @Version('2') second() {
    return 'unrelated';
  }

  @Get() @Version(['1', '3']) first() {
    return 'events';
  }
}

/** A controller whose routes match the path of an endpoint, although they are written in another way. */
@Controller()
class ElsewhereWrittenController {
  @Get(':page') page() {
    return 'events';
  }

  @Delete('api/mcp') prefixed() {
    return 'ended';
  }
}

@Controller('open')
class OpenController {
  @Post() @McpEndpoint() @Header('Mcp-Session-Id', 'session-open') open() {
    return {};
  }

  @Get() @Public() read() {
    return 'page';
  }
}

describe.each(adapters)('handlers at the path of an MCP endpoint, on %s', (adapter) => {
  const server = serve(adapter, {
    imports: [RoutedModule, RouterModule.register([{ path: 'prefix', module: RoutedModule }])],
    controllers: [
      McpController,
      SplitController,
      ElsewhereController,
      TenantsController,
      OtherRoutedController,
      FirstController,
      SecondController,
      OpenController,
      ElsewhereWrittenController,
    ],
    setUp: (app) => app.enableVersioning({ type: VersioningType.HEADER, header: 'x-version' }),
  });
  let tokens: { alice: string; bob: string };

  beforeAll(async () => {
    const mint = (sub: string) => server.mint({ claims: { sub } });
    tokens = { alice: await mint('alice'), bob: await mint('bob') };
  });

  const ask = (who: 'alice' | 'bob', method: string, path: string, headers = {}) =>
    fetch(`${server.url}/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${tokens[who]}`,
        ...(method === 'POST' && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(method === 'POST' && { body: JSON.stringify(call('ping')) }),
    });

  it.each([
    ['GET', 'mcp', 'mcp', 'session-mcp', {}],
    ['DELETE', 'mcp', 'mcp', 'session-mcp', {}],
    ['GET', 'split', 'split', 'session-split', {}],
    ['DELETE', 'split', 'split', 'session-split', {}],
    ['GET', 'tenants/a/mcp', 'tenants/a/mcp', 'session-tenants', {}],
    ['GET', 'prefix/routed', 'prefix/routed', 'session-routed', {}],
    ['GET', 'versions', 'versions', 'session-versions', { 'x-version': '1' }],
    ['GET', 'parameter', 'split', 'session-split', {}],
    ['DELETE', 'api/mcp', 'mcp', 'session-mcp', {}],
  ])(
    'do not serve sessions of other callers: %s /%s',
    async (method, path, opened, session, headers) => {
      expect((await ask('alice', 'POST', opened, headers)).status).toBe(201);
      const named = { ...headers, 'mcp-session-id': session };
      expect((await ask('bob', method, path, named)).status).toBe(404);
      expect((await ask('alice', method, path, named)).status).toBe(200);
    },
  );

  it('of another version are not part of the endpoint, but protect its sessions', async () => {
    await ask('alice', 'POST', 'versions', { 'x-version': '1' });
    const second = { 'x-version': '2', origin: 'https://elsewhere.example.com' };
    expect((await ask('bob', 'GET', 'versions', second)).status).toBe(200);
    const named = { ...second, 'mcp-session-id': 'session-versions' };
    expect((await ask('bob', 'GET', 'versions', named)).status).toBe(404);
  });

  it('that are @Public() are not part of the endpoint', async () => {
    await ask('alice', 'POST', 'open');
    const named = { 'mcp-session-id': 'session-open' };
    expect((await ask('bob', 'GET', 'open', named)).status).toBe(200);
  });

  it('reject other origins, as the endpoint does', async () => {
    const origin = { origin: 'https://elsewhere.example.com' };
    expect((await ask('alice', 'GET', 'mcp', origin)).status).toBe(403);
    expect((await ask('alice', 'POST', 'split', origin)).status).toBe(403);
  });
});
