import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import {
  AuthInfo,
  Resource,
  type McpAuthModuleOptions,
  type ProtectedResourceOptions,
} from 'nestjs-mcp-auth';
import { adapters, bearer, oneResource, RESOURCE, startApp } from '../support/app.js';
import type { MintOptions } from '../support/issuer.js';
import { NotesController } from '../support/notes.controller.js';
import { useIssuer } from '../support/serve.js';

const ALL_BUT_DATE = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;
const TASKS = 'https://api.example.com/tasks';

@Resource(RESOURCE)
class FirstController extends NotesController {}

@Controller('tasks')
@Resource(TASKS)
class TasksController {
  @Get() get(@AuthInfo('resourceMetadataUrl') url: string) {
    return { url };
  }
}

describe.each(adapters)('cached tokens, on %s', (adapter) => {
  // Registered before the hook that stops the application, which needs real timers.
  afterEach(() => {
    jest.spyOn(performance, 'now').mockRestore();
    jest.useRealTimers();
  });
  const issuer = useIssuer({ per: 'test' });
  let url: string;
  const verifications = jest.spyOn(crypto.subtle, 'verify');
  const now = performance.now.bind(performance);

  beforeEach(() => {
    verifications.mockClear();
  });

  const start = async (
    module: Partial<McpAuthModuleOptions> = {},
    resource: Partial<ProtectedResourceOptions> = {},
  ) => {
    const options = { ...oneResource(issuer.url, resource), ...module };
    ({ url } = await startApp({ adapter, options, controllers: [NotesController] }));
  };
  const startTwo = async (tasks: Partial<ProtectedResourceOptions> = {}) => {
    const metadata = { authorizationServers: [issuer.url] };
    const options: McpAuthModuleOptions = {
      protectedResources: [
        { metadata: { resource: RESOURCE, ...metadata } },
        { metadata: { resource: TASKS, ...metadata }, ...tasks },
      ],
    };
    const controllers = [FirstController, TasksController];
    ({ url } = await startApp({ adapter, options, controllers }));
  };
  const mint = async (options: MintOptions = {}) => issuer.mint({ audience: RESOURCE, ...options });
  const call = async (token: string, path = '/notes') => fetch(url + path, bearer(token));
  const status = async (token: string, path?: string) => (await call(token, path)).status;
  const later = (seconds: number) => {
    jest.spyOn(performance, 'now').mockImplementation(() => now() + seconds * 1000);
  };
  const wallClockLater = (seconds: number) =>
    jest.useFakeTimers({ now: Date.now() + seconds * 1000, doNotFake: [...ALL_BUT_DATE] });
  const times = () => verifications.mock.calls.length;

  it('are not verified again', async () => {
    await start();
    const token = await mint();
    expect([await status(token), await status(token), await status(token)]).toEqual([
      200, 200, 200,
    ]);
    expect(times()).toBe(1);
  });

  it('are verified again after 60 seconds by default', async () => {
    await start();
    const token = await mint();
    await status(token);
    later(59);
    expect([await status(token), times()]).toEqual([200, 1]);
    later(61);
    expect([await status(token), times()]).toEqual([200, 2]);
  });

  it('are verified again after tokenCache.ttl', async () => {
    await start({ tokenCache: { ttl: 5 } });
    const token = await mint();
    await status(token);
    later(6);
    expect([await status(token), times()]).toEqual([200, 2]);
  });

  it('are verified each time with tokenCache: false', async () => {
    await start({ tokenCache: false });
    const token = await mint();
    expect([await status(token), await status(token)]).toEqual([200, 200]);
    expect(times()).toBe(2);
  });

  it('are verified once for concurrent requests with the same token', async () => {
    await start();
    const token = await mint();
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => status(token)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(times()).toBe(1);
  });

  it('are rejected once they expire', async () => {
    await start({ tokenCache: { ttl: 3600 } });
    const token = await mint();
    expect(await status(token)).toBe(200);
    wallClockLater(306);
    expect(await status(token)).toBe(401);
  });

  it('are rejected once they are older than maxTokenAge', async () => {
    await start({ tokenCache: { ttl: 3600 } }, { jwt: { maxTokenAge: 60, clockTolerance: 0 } });
    const token = await mint();
    expect(await status(token)).toBe(200);
    wallClockLater(62);
    expect(await status(token)).toBe(401);
  });

  it('are rejected once their key has left the JWK Set', async () => {
    await start();
    const old = await mint();
    expect(await status(old)).toBe(200);
    await issuer.rotate();
    expect(await status(await mint())).toBe(200);
    expect(await status(old)).toBe(401);
  });

  it('stay accepted while other keys are added to the JWK Set', async () => {
    await start();
    const old = await mint();
    await status(old);
    issuer.extraKeys = [await issuer.publicJwk()];
    await issuer.rotate();
    expect(await status(await mint())).toBe(200);
    expect([await status(old), times()]).toEqual([200, 3]);
  });

  it('are rejected at another resource that they are not for', async () => {
    await startTwo();
    const token = await mint();
    expect([await status(token), await status(token, '/tasks')]).toEqual([200, 401]);
    expect([await status(token), await status(token, '/tasks')]).toEqual([200, 401]);
  });

  it('are accepted at each resource that they are for', async () => {
    await startTwo();
    const token = await mint({ audience: [RESOURCE, TASKS] });
    await status(token);
    const seen = [await (await call(token, '/tasks')).json(), await status(token), times()];
    const metadataUrl = 'https://api.example.com/.well-known/oauth-protected-resource/tasks';
    expect(seen).toEqual([{ url: metadataUrl }, 200, 2]);
  });

  it('are rejected at a resource with stricter options', async () => {
    await startTwo({ jwt: { requiredClaims: ['tenant'] } });
    const token = await mint({ audience: [RESOURCE, TASKS] });
    expect([await status(token), await status(token, '/tasks')]).toEqual([200, 401]);
  });

  it('are rejected by a handler whose scopes they lack', async () => {
    await start();
    const token = await mint();
    expect([await status(token), await status(token, '/notes/admin')]).toEqual([200, 403]);
  });

  it('are distinguished from tokens that differ in one character', async () => {
    await start();
    const token = await mint();
    await status(token);
    const at = token.lastIndexOf('.') + 10;
    const forged = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
    expect([await status(forged), await status(token), times()]).toEqual([401, 200, 2]);
  });

  /** Returns claims of another subject with the signature of a valid token. */
  const withSignatureOf = (token: string) => {
    const [header = '', payload = '', signature = ''] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const other = Buffer.from(JSON.stringify({ ...claims, sub: 'somebody-else' }));
    return [header, other.toString('base64url'), signature].join('.');
  };

  it('are distinguished from a forged token with the same signature, which does not evict them', async () => {
    await start();
    const token = await mint();
    const forged = withSignatureOf(token);
    await status(token);
    expect([await status(forged), await status(token), times()]).toEqual([401, 200, 2]);
  });

  it('are distinguished from a forged token with the same signature while both are verified', async () => {
    await start();
    const token = await mint();
    const forged = withSignatureOf(token);
    const tokens = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? token : forged));
    const statuses = await Promise.all(tokens.map(async (each) => status(each)));
    expect(statuses).toEqual(tokens.map((each) => (each === token ? 200 : 401)));
  });

  it('are distinguished from a malformed value with the same end', async () => {
    await start();
    const token = await mint();
    await status(token);
    expect(await status(`(${token}`)).toBe(400);
  });

  it('do not include rejected tokens: these are accepted as soon as they are valid', async () => {
    await start();
    const now = Math.floor(Date.now() / 1000);
    const token = await mint({ claims: { nbf: now + 60 } });
    expect([await status(token), await status(token)]).toEqual([401, 401]);
    wallClockLater(70);
    expect(await status(token)).toBe(200);
  });

  it('are evicted beyond tokenCache.max, the least recently used first', async () => {
    await start({ tokenCache: { max: 2 } });
    const [a, b, c] = [
      await mint(),
      await mint({ claims: { n: 1 } }),
      await mint({ claims: { n: 2 } }),
    ];
    for (const token of [a, b, a, c]) {
      await status(token);
    }
    expect(times()).toBe(3);
    expect([await status(a), times()]).toEqual([200, 3]);
    expect([await status(b), times()]).toEqual([200, 4]);
  });

  it('are evicted earlier if they are long', async () => {
    await start({ tokenCache: { max: 2 } });
    const long = await mint({ claims: { padding: 'x'.repeat(4000) } });
    await status(long);
    await status(await mint());
    expect([await status(long), times()]).toEqual([200, 3]);
  });
});
