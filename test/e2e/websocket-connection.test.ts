import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { WsAdapter } from '@nestjs/platform-ws';
import { WebSocketGateway, WebSocketServer, type OnGatewayInit } from '@nestjs/websockets';
import {
  authenticateConnection,
  AuthorizationServerUnavailableError,
  TokenRevocations,
  type BearerAuthException,
  type McpAuthModuleOptions,
  type ProtectedResourceOptions,
} from 'nestjs-mcp-auth';
import type { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { WebSocket, type VerifyClientCallbackAsync, type WebSocketServer as WsServer } from 'ws';
import { adapters, oneResource, RESOURCE, startApp, stopApps } from '../support/app.js';
import { Issuer } from '../support/issuer.js';
import { useIssuer } from '../support/serve.js';

const METADATA = 'https://api.example.com/.well-known/oauth-protected-resource/notes';
const OTHER = 'https://api.example.com/admin';

let resource: string | undefined;

@WebSocketGateway()
class NewsGateway implements OnGatewayInit {
  @WebSocketServer() readonly server!: Server;

  constructor(private readonly moduleRef: ModuleRef) {}

  afterInit(server: Server) {
    server.use((socket, next) => {
      authenticateConnection(this.moduleRef, socket.request, resource).then(() => next(), next);
    });
  }
}

@WebSocketGateway()
class PlainNewsGateway {
  @WebSocketServer() readonly server!: WsServer;
}

class AuthenticatingWsAdapter extends WsAdapter {
  constructor(private readonly app: INestApplicationContext) {
    super(app);
  }

  override create(port: number, options?: object) {
    const verifyClient: VerifyClientCallbackAsync = ({ req }, done) => {
      authenticateConnection(this.app, req).then(
        () => done(true),
        (error: unknown) => {
          const { message, headers } = error as BearerAuthException;
          done(false, (error as BearerAuthException).getStatus(), message, { ...headers });
        },
      );
    };
    return super.create(port, { ...options, verifyClient }) as WsServer;
  }
}

const issuer = useIssuer();
beforeEach(() => (resource = undefined));

const mint = (claims: Record<string, unknown> = {}, audience = RESOURCE) =>
  issuer.mint({ audience, claims });
const BOUND = { cnf: { jkt: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs' } };

const refusals: {
  what: string;
  dpop?: 'required';
  authorization: () => Promise<string | undefined>;
  error: string;
}[] = [
  { what: 'no token', authorization: async () => undefined, error: 'unauthorized' },
  { what: 'two tokens', authorization: async () => 'Bearer a b', error: 'invalid_request' },
  {
    what: 'a malformed token',
    authorization: async () => 'Bearer forged',
    error: 'invalid_token',
  },
  {
    what: 'a token for another resource',
    authorization: async () => `Bearer ${await mint({}, OTHER)}`,
    error: 'invalid_token',
  },
  {
    what: 'a bound token as a bearer token',
    authorization: async () => `Bearer ${await mint(BOUND)}`,
    error: 'invalid_token',
  },
  {
    what: 'a bound token as a bearer token, if proofs are required',
    dpop: 'required',
    authorization: async () => `Bearer ${await mint(BOUND)}`,
    error: 'invalid_token',
  },
  {
    what: 'a bound token with the scheme DPoP, since a handshake has no proof',
    dpop: 'required',
    authorization: async () => `DPoP ${await mint(BOUND)}`,
    error: 'invalid_token',
  },
  {
    what: 'an unbound token, if proofs are required',
    dpop: 'required',
    authorization: async () => `Bearer ${await mint()}`,
    error: 'invalid_token',
  },
];

const groups = (['off', 'required'] as const).map((mode) => ({
  mode,
  of: refusals.filter(({ dpop = 'off' }) => dpop === mode),
}));

describe.each(adapters)('a connection of socket.io, on %s', (adapter) => {
  const sockets: Socket[] = [];
  afterEach(async () => {
    for (const socket of sockets.splice(0)) {
      socket.disconnect();
    }
    await stopApps();
  });

  const start = async (options: McpAuthModuleOptions = oneResource(issuer.url)) => {
    const { app, url } = await startApp({ adapter, options, providers: [NewsGateway] });
    const connect = (authorization?: string) => {
      const extraHeaders: Record<string, string> =
        authorization === undefined ? {} : { authorization };
      const heard: string[] = [];
      const socket = io(url, {
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
        extraHeaders,
      });
      sockets.push(socket);
      socket.on('news', (news: string) => heard.push(news));
      const outcome = new Promise<{ message?: string; data?: unknown }>((resolve) => {
        socket.once('connect', () => resolve({ message: 'connected' }));
        socket.once('connect_error', resolve);
      });
      return { socket, heard, outcome };
    };
    return { app, connect, server: app.get(NewsGateway).server };
  };

  it.each(groups)(
    'is rejected without a valid token or proof, with dpop: $mode',
    async ({ mode, of }) => {
      const { connect } = await start(oneResource(issuer.url, { dpop: mode }));
      for (const { what, authorization, error } of of) {
        const { data, message } = await connect(await authorization()).outcome;
        const challenge = expect.stringContaining(METADATA) as unknown;
        expect({ what, ...(data as object) }).toMatchObject({ what, error, message, challenge });
      }
    },
  );

  it('is accepted with a valid token, and rejected with a revoked token', async () => {
    const { app, connect, server } = await start();
    const token = await mint({ jti: 'one' });
    const { outcome, socket, heard } = connect(`Bearer ${token}`);
    expect(await outcome).toEqual({ message: 'connected' });
    server.emit('news', 'hello');
    await once(socket as never, 'news');
    expect(heard).toEqual(['hello']);
    await app.get(TokenRevocations).revokeToken({ issuer: issuer.url, jti: 'one' });
    expect((await connect(`Bearer ${token}`).outcome).data).toMatchObject({
      error: 'invalid_token',
    });
  });

  it('receives nothing until its token is verified', async () => {
    const { connect, server } = await start();
    let release: () => void = () => undefined;
    issuer.answer('/jwks', (_request, response) => {
      release = () => response.writeHead(500).end();
    });
    const asked = issuer.count('/jwks');
    const forger = await Issuer.start();
    const token = await issuer.mint({ audience: RESOURCE, key: forger.privateKey });
    await forger.down();
    const { outcome, heard, socket } = connect(`Bearer ${token}`);
    await issuer.arrived('/jwks', asked + 1);
    server.emit('news', 'for members');
    expect(socket.connected).toBe(false);
    release();
    issuer.answer('/jwks', undefined);
    expect((await outcome).data).toMatchObject({ error: 'temporarily_unavailable' });
    expect(heard).toEqual([]);
  });

  it('is rejected without a reason if its resource is unknown', async () => {
    const { connect } = await start({
      protectedResources: [RESOURCE, OTHER].map((identifier) => ({
        metadata: { resource: identifier, authorizationServers: [issuer.url] },
      })),
    });
    const authorization = `Bearer ${await mint()}`;
    const { message, data } = await connect(authorization).outcome;
    expect({ message, data }).toEqual({ message: 'Internal Server Error', data: undefined });
    resource = 'https://elsewhere.example.com';
    expect((await connect(authorization).outcome).message).toBe('Internal Server Error');
    resource = OTHER;
    expect((await connect(authorization).outcome).data).toMatchObject({ error: 'invalid_token' });
    resource = RESOURCE;
    expect((await connect(authorization).outcome).message).toBe('connected');
  });

  it('is rejected with the advice to try again if its tenant cannot be looked up', async () => {
    const { connect } = await start(
      oneResource(issuer.url, {
        metadata: {
          resource: 'https://api.example.com/{tenant}/notes',
          authorizationServers: [issuer.url],
        },
        tenants: () => {
          throw new AuthorizationServerUnavailableError('The database is down.', 7);
        },
      }),
    );
    resource = 'https://api.example.com/acme/notes';
    const { data } = await connect(`Bearer ${await mint({}, resource)}`).outcome;
    expect(data).toMatchObject({ error: 'temporarily_unavailable', retry_after: 7 });
  });

  it("is accepted with a token for the tenant's resource only", async () => {
    const { connect } = await start(
      oneResource(issuer.url, {
        metadata: {
          resource: 'https://api.example.com/{tenant}/notes',
          authorizationServers: [issuer.url],
        },
        tenants: ['acme', 'umbrella'],
      }),
    );
    const of = (tenant: string) => `https://api.example.com/${tenant}/notes`;
    const authorization = `Bearer ${await mint({}, of('acme'))}`;
    resource = of('acme');
    expect((await connect(authorization).outcome).message).toBe('connected');
    resource = of('umbrella');
    expect((await connect(authorization).outcome).data).toMatchObject({
      error: 'invalid_token',
      challenge: expect.stringContaining('/oauth-protected-resource/umbrella/notes') as unknown,
    });
    for (const unknown of [
      of('initech'),
      of('{tenant}'),
      of('acme').replace('api.', 'www.'),
      `${of('acme')}/more`,
      'acme',
    ]) {
      resource = unknown;
      const { message } = await connect(authorization).outcome;
      expect({ unknown, message }).toEqual({ unknown, message: 'Internal Server Error' });
    }
  });
});

describe.each(adapters)('a connection of ws, on %s', (adapter) => {
  afterEach(stopApps);

  const start = async (more?: Partial<ProtectedResourceOptions>) => {
    const { url } = await startApp({
      adapter,
      options: oneResource(issuer.url, more),
      providers: [PlainNewsGateway],
      setUp: (app) => app.useWebSocketAdapter(new AuthenticatingWsAdapter(app)),
    });
    return async (authorization?: string) => {
      const headers = authorization === undefined ? {} : { authorization };
      const client = new WebSocket(url.replace('http', 'ws'), { headers });
      client.on('error', () => undefined);
      return new Promise<{ status: number; challenge?: string }>((resolve) => {
        client.once('open', () => {
          client.terminate();
          resolve({ status: 101 });
        });
        client.once('unexpected-response', (_request, response) => {
          response.resume();
          const { 'www-authenticate': challenge } = response.headers;
          resolve({ status: response.statusCode ?? 0, challenge });
        });
      });
    };
  };

  it.each(groups)(
    'is rejected without a valid token or proof, with dpop: $mode',
    async ({ mode, of }) => {
      const connect = await start({ dpop: mode });
      for (const { what, authorization, error } of of) {
        expect({ what, ...(await connect(await authorization())) }).toEqual({
          what,
          status: error === 'invalid_request' ? 400 : 401,
          challenge: expect.stringContaining(METADATA),
        });
      }
    },
  );

  it('is accepted with a valid token', async () => {
    const connect = await start();
    expect(await connect(`Bearer ${await mint()}`)).toEqual({ status: 101 });
  });
});
