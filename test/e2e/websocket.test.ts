import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  Catch,
  Injectable,
  UseFilters,
  UseGuards,
  type ArgumentsHost,
  type PipeTransform,
} from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import {
  BaseWsExceptionFilter,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  WsException,
} from '@nestjs/websockets';
import {
  AuthInfo,
  BearerAuthException,
  BearerAuthGuard,
  McpAuthConfigurationError,
  McpEndpoint,
  OptionalAuth,
  Public,
  RequireScopes,
  Resource,
  type McpAuthModuleOptions,
} from 'nestjs-mcp-auth';
import { from, map } from 'rxjs';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import {
  adapters,
  oneResource,
  RESOURCE,
  startApp,
  startFailure,
  stopApps,
} from '../support/app.js';
import { useIssuer } from '../support/serve.js';

const METADATA = 'https://api.example.com/.well-known/oauth-protected-resource/notes';

@Injectable()
class NotesService {
  constructor(private readonly authInfo: AuthInfo) {}

  async owner(): Promise<string> {
    await delay(Math.random() * 4);
    return this.authInfo.subject ?? 'nobody';
  }

  known(): boolean {
    return 'token' in this.authInfo;
  }
}

@Injectable()
class SubjectPipe implements PipeTransform {
  constructor(private readonly authInfo: AuthInfo) {}

  transform(given: unknown) {
    return { given, subject: this.authInfo.subject };
  }
}

@WebSocketGateway()
class NotesGateway {
  constructor(private readonly notes: NotesService) {}

  @SubscribeMessage('whoami')
  async whoami(
    @MessageBody(SubjectPipe) piped: { given: unknown; subject?: string },
    @AuthInfo('subject') parameter: string,
  ) {
    const injected = await this.notes.owner();
    return { event: 'whoami', data: { ...piped, parameter, injected } };
  }

  @SubscribeMessage('stream') stream() {
    return from([1, 2]).pipe(
      map((n) => ({ event: 'stream', data: { n, known: this.notes.known() } })),
    );
  }

  @SubscribeMessage('open') @Public() async open() {
    await delay(Math.random() * 4);
    return { event: 'open', data: { known: this.notes.known() } };
  }

  @SubscribeMessage('optional') @OptionalAuth() optional(@AuthInfo() caller?: AuthInfo) {
    return { event: 'optional', data: { subject: caller?.subject ?? 'anonymous' } };
  }

  @SubscribeMessage('write') @RequireScopes('read:notes', 'write:notes') write() {
    return { event: 'write', data: {} };
  }

  @SubscribeMessage('computed')
  @RequireScopes(({ body }: { body: { scope: string } }) => body.scope)
  computed() {
    return { event: 'computed', data: {} };
  }

  @SubscribeMessage('mcp') @McpEndpoint({ tools: { 'delete-note': 'delete:notes' } }) mcp() {
    return { event: 'mcp', data: {} };
  }
}

const issuer = useIssuer();

const token = (claims: Record<string, unknown> = {}, audience: string | string[] = RESOURCE) =>
  issuer.mint({ audience, claims });

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) {
    socket.disconnect();
  }
});

interface Heard {
  event: string;
  data: Record<string, unknown>;
}

/** Returns a client of socket.io. Its `ask` sends a message, and returns the next event. */
function connect(url: string, authorization?: string, transports = ['websocket']) {
  const socket = io(url, {
    transports,
    forceNew: true,
    reconnection: false,
    ...(authorization !== undefined && { extraHeaders: { authorization } }),
  });
  sockets.push(socket);
  const ask = (event: string, data: unknown = {}) =>
    new Promise<Heard>((resolve, reject) => {
      socket.onAny((heard: string, payload: Record<string, unknown>) => {
        socket.offAny();
        resolve({ event: heard, data: payload });
      });
      socket.once('connect_error', reject);
      socket.emit(event, data);
    });
  return { socket, ask };
}

describe.each(adapters)('a gateway of socket.io, on %s', (adapter) => {
  let url: string;

  beforeAll(async () => {
    const started = await startApp({
      adapter,
      options: oneResource(issuer.url),
      providers: [NotesGateway, NotesService, SubjectPipe],
    });
    url = started.url;
  });
  afterAll(stopApps);

  it.each([['websocket'], ['polling']])('provides the caller, over %s', async (transport) => {
    const { ask } = connect(url, `Bearer ${await token()}`, [transport]);
    expect(await ask('whoami', 'x')).toEqual({
      event: 'whoami',
      data: { given: 'x', subject: 'alice', parameter: 'alice', injected: 'alice' },
    });
    expect(await ask('open')).toEqual({ event: 'open', data: { known: false } });
    expect(await ask('optional')).toEqual({ event: 'optional', data: { subject: 'alice' } });
    // This handler emits twice, so the test calls it last.
    expect(await ask('stream')).toEqual({ event: 'stream', data: { n: 1, known: true } });
  });

  it('lets anonymous callers in with @OptionalAuth()', async () => {
    const { ask } = connect(url);
    expect(await ask('open')).toEqual({ event: 'open', data: { known: false } });
    expect(await ask('optional')).toEqual({ event: 'optional', data: { subject: 'anonymous' } });
  });

  it.each([
    {
      what: 'no token',
      authorization: async () => undefined,
      error: 'unauthorized',
      description: 'This resource needs an access token.',
      challenge: `Bearer resource_metadata="${METADATA}", scope="read:notes write:notes"`,
    },
    {
      what: 'a malformed token',
      authorization: async () => 'Bearer forged',
      error: 'invalid_token',
      description: 'The access token is malformed.',
      challenge: `Bearer error="invalid_token", error_description="The access token is malformed.", resource_metadata="${METADATA}", scope="read:notes write:notes"`,
    },
    {
      what: 'a token without the scopes',
      authorization: async () => `Bearer ${await token({ scope: 'read:notes' })}`,
      error: 'insufficient_scope',
      description: 'The access token lacks a scope that this operation needs.',
      challenge: `Bearer error="insufficient_scope", error_description="The access token lacks a scope that this operation needs.", resource_metadata="${METADATA}", scope="read:notes write:notes"`,
    },
  ])(
    'sends an exception to the socket for $what',
    async ({ authorization, error, description, challenge }) => {
      const { ask, socket } = connect(url, await authorization());
      expect(await ask('write')).toEqual({
        event: 'exception',
        data: {
          status: 'error',
          message: description,
          error,
          error_description: description,
          challenge,
        },
      });
      expect(socket.connected).toBe(true);
    },
  );

  it('checks the scopes of each message', async () => {
    const { ask } = connect(url, `Bearer ${await token({ scope: 'read:notes write:notes a' })}`);
    expect((await ask('write')).event).toBe('write');
    expect((await ask('computed', { scope: 'a' })).event).toBe('computed');
    expect((await ask('computed', { scope: 'b' })).data.challenge).toContain('scope="b"');
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'delete-note' } };
    expect((await ask('mcp', call)).data).toMatchObject({
      error: 'insufficient_scope',
      challenge: expect.stringContaining('scope="delete:notes"'),
    });
    expect((await ask('mcp', { jsonrpc: '2.0', id: 1, method: 'ping' })).event).toBe('mcp');
  });

  it('accepts no token from the handshake’s auth payload or query', async () => {
    const secret = await token();
    const socket = io(url, {
      transports: ['websocket'],
      auth: { token: secret, headers: { authorization: `Bearer ${secret}` } },
      query: { access_token: secret, authorization: `Bearer ${secret}` },
    });
    sockets.push(socket);
    const heard = new Promise((resolve) => socket.once('exception', resolve));
    socket.emit('whoami', { headers: { authorization: `Bearer ${secret}` } });
    expect(await heard).toMatchObject({ error: 'unauthorized' });
  });

  it('checks the expiry again at every message', async () => {
    const now = Date.now();
    const { ask } = connect(url, `Bearer ${await token({ exp: Math.floor(now / 1000) + 10 })}`);
    expect((await ask('whoami')).event).toBe('whoami');
    // Later than the expiry and the tolerance of 5 seconds, and before the socket's heartbeat.
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now + 16_000);
    try {
      expect((await ask('whoami')).data).toMatchObject({
        error: 'invalid_token',
        error_description: 'The access token expired.',
      });
    } finally {
      clock.mockRestore();
    }
    expect((await ask('whoami')).event).toBe('whoami');
  });

  it('has the right caller in each of 600 messages over 60 sockets of 60 users', async () => {
    const users = Array.from({ length: 60 }, (_, index) => `user-${index}`);
    const answers = await Promise.all(
      users.map(async (sub) => {
        const { socket } = connect(url, `Bearer ${await token({ sub })}`);
        const heard: Heard[] = [];
        const all = new Promise<void>((resolve) => {
          socket.onAny((event: string, data: Record<string, unknown>) => {
            heard.push({ event, data });
            if (heard.length === 10) {
              resolve();
            }
          });
        });
        for (let index = 0; index < 10; index++) {
          socket.emit(index % 5 === 0 ? 'open' : index % 5 === 1 ? 'write' : 'whoami', index);
        }
        await all;
        return { sub, heard };
      }),
    );
    const of = (event: string) =>
      answers.flatMap(({ sub, heard }) =>
        heard.filter((one) => one.event === event).map(({ data }) => ({ sub, data })),
      );
    expect(of('exception')).toHaveLength(120);
    expect(of('open')).toHaveLength(120);
    expect(of('open').filter(({ data }) => data.known !== false)).toEqual([]);
    expect(of('whoami')).toHaveLength(360);
    const wrong = of('whoami').filter(({ sub, data: { subject, parameter, injected } }) =>
      [subject, parameter, injected].some((seen) => seen !== sub),
    );
    expect(wrong).toEqual([]);
  });
});

interface KeptClient {
  request?: IncomingMessage;
}

@WebSocketGateway()
class PlainGateway {
  constructor(private readonly notes: NotesService) {}

  handleConnection(client: KeptClient, request: IncomingMessage) {
    client.request = request;
  }

  @SubscribeMessage('whoami') async whoami() {
    return { event: 'whoami', data: { owner: await this.notes.owner() } };
  }
}

@WebSocketGateway()
class ForgetfulGateway {
  @SubscribeMessage('whoami') whoami() {
    return { event: 'whoami', data: {} };
  }

  @SubscribeMessage('open') @Public() open() {
    return { event: 'open', data: {} };
  }
}

describe('a gateway at a resource of tenants', () => {
  const TEMPLATE = 'https://api.example.com/{tenant}/notes';
  const authorizationServers = ['https://auth.example.com'];
  const options: McpAuthModuleOptions = {
    protectedResources: [
      { metadata: { resource: TEMPLATE, authorizationServers }, tenants: () => true },
      { metadata: { resource: RESOURCE, authorizationServers } },
    ],
  };

  it('stops the start, since a message has no path', async () => {
    @WebSocketGateway()
    @Resource(TEMPLATE)
    class TenantGateway {
      @SubscribeMessage('open') @Public() open() {
        return { event: 'open', data: {} };
      }

      @SubscribeMessage('whoami') whoami() {
        return { event: 'whoami', data: {} };
      }
    }
    const error = await startFailure({ options, providers: [TenantGateway] });
    expect(error).toBeInstanceOf(McpAuthConfigurationError);
    expect(error?.message).toBe(
      `TenantGateway.whoami handles messages of a WebSocket gateway and belongs to ${TEMPLATE}, but a message has no path that names the tenant; give it a @Resource() without {tenant}, or mark it @Public().`,
    );
  });

  it('starts if it is public or belongs to another resource', async () => {
    @WebSocketGateway()
    @Resource(TEMPLATE)
    class OtherGateway {
      @SubscribeMessage('open') @Public() open() {
        return { event: 'open', data: {} };
      }

      @SubscribeMessage('whoami') @Resource(RESOURCE) whoami() {
        return { event: 'whoami', data: {} };
      }
    }
    expect(await startFailure({ options, providers: [OtherGateway] })).toBeUndefined();
    await stopApps();
  });
});

describe('a gateway of ws', () => {
  afterEach(stopApps);

  const start = (gateway: new (...args: never[]) => object) =>
    startApp({
      adapter: 'express',
      options: oneResource(issuer.url),
      providers: [gateway, NotesService],
      setUp: (app) => app.useWebSocketAdapter(new WsAdapter(app)),
    });

  async function say(url: string, event: string, authorization?: string): Promise<Heard> {
    const headers = authorization === undefined ? {} : { authorization };
    const client = new WebSocket(url.replace('http', 'ws'), { headers });
    try {
      return await new Promise((resolve, reject) => {
        client.on('error', reject);
        client.on('message', (text: Buffer) => resolve(JSON.parse(text.toString()) as Heard));
        client.on('open', () => client.send(JSON.stringify({ event, data: {} })));
      });
    } finally {
      client.terminate();
    }
  }

  it('provides the caller if the request of the handshake is kept', async () => {
    const { url } = await start(PlainGateway);
    expect(await say(url, 'whoami', `Bearer ${await token()}`)).toEqual({
      event: 'whoami',
      data: { owner: 'alice' },
    });
    expect(await say(url, 'whoami')).toMatchObject({
      event: 'exception',
      data: { error: 'unauthorized', challenge: `Bearer resource_metadata="${METADATA}"` },
    });
  });

  it('lets no message in if the request of the handshake is not kept', async () => {
    const { url } = await start(ForgetfulGateway);
    expect(await say(url, 'whoami', `Bearer ${await token()}`)).toMatchObject({
      event: 'exception',
      data: { message: 'Internal server error' },
    });
    expect((await say(url, 'open')).event).toBe('open');
  });
});

@Catch(WsException)
class OwnFilter extends BaseWsExceptionFilter {
  override catch(exception: WsException, host: ArgumentsHost) {
    const { cause } = exception;
    const status = cause instanceof BearerAuthException ? cause.getStatus() : 0;
    super.catch(new WsException({ status }), host);
  }
}

@WebSocketGateway()
@UseFilters(OwnFilter)
class FilteredGateway {
  @SubscribeMessage('whoami') whoami() {
    return { event: 'whoami', data: {} };
  }
}

@WebSocketGateway()
class BoundGateway {
  constructor(private readonly notes: NotesService) {}

  @SubscribeMessage('guarded') @UseGuards(BearerAuthGuard) async guarded() {
    return { event: 'guarded', data: { owner: await this.notes.owner() } };
  }

  @SubscribeMessage('open') open() {
    return { event: 'open', data: { known: this.notes.known() } };
  }
}

const OTHER = 'https://api.example.com/admin';
const twoResources = (): McpAuthModuleOptions => ({
  protectedResources: [RESOURCE, OTHER].map((resource) => ({
    metadata: { resource, authorizationServers: [issuer.url] },
  })),
});

@WebSocketGateway()
class TwoResourcesGateway {
  @SubscribeMessage('mine') @Resource(RESOURCE) async mine(@AuthInfo() caller: AuthInfo) {
    return { event: 'mine', data: { resource: caller.resource } };
  }

  @SubscribeMessage('admin') @Resource(OTHER) async admin(@AuthInfo() caller: AuthInfo) {
    return { event: 'admin', data: { resource: caller.resource } };
  }
}

describe('the requirements of a gateway', () => {
  afterEach(stopApps);

  it('apply per resource', async () => {
    const { url } = await startApp({
      adapter: 'express',
      options: twoResources(),
      providers: [TwoResourcesGateway],
    });
    const { ask } = connect(url, `Bearer ${await token()}`);
    expect((await ask('mine')).data).toEqual({ resource: RESOURCE });
    expect((await ask('admin')).data).toMatchObject({
      error: 'invalid_token',
      challenge: expect.stringContaining('/.well-known/oauth-protected-resource/admin"'),
    });
  });

  it('stop the boot if its resource cannot be determined', async () => {
    const error = await startFailure({ options: twoResources(), providers: [ForgetfulGateway] });
    expect(error).toBeInstanceOf(McpAuthConfigurationError);
    expect(error?.message).toContain('ForgetfulGateway.whoami belongs to no resource');
  });

  it('give the original rejection to a filter of the application', async () => {
    const { url } = await startApp({
      adapter: 'express',
      options: oneResource(issuer.url),
      providers: [FilteredGateway],
    });
    expect((await connect(url).ask('whoami')).data).toEqual({ status: 401 });
  });

  it('apply with guard: false only to handlers to which the application binds the guard', async () => {
    const { url } = await startApp({
      adapter: 'express',
      options: { ...oneResource(issuer.url), guard: false },
      providers: [BoundGateway, NotesService],
    });
    const { ask } = connect(url, `Bearer ${await token()}`);
    expect((await ask('guarded')).data).toEqual({ owner: 'alice' });
    expect((await ask('open')).data).toEqual({ known: false });
    expect((await connect(url).ask('guarded')).data).toMatchObject({ error: 'unauthorized' });
  });
});
