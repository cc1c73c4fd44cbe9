import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { GraphQLModule, Query, Resolver } from '@nestjs/graphql';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { AuthInfo, Resource, type McpAuthModuleOptions } from 'nestjs-mcp-auth';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { adapters, RESOURCE, startApp, stopApps } from '../support/app.js';
import { DpopKey } from '../support/dpop/key.js';
import { Issuer } from '../support/issuer.js';

const TASKS = 'https://api.example.com/tasks';
/** A resource that requires nonces as well. */
const STRICT = 'https://api.example.com/strict';
const ELSEWHERE =
  'The access token is bound to a key, and only HTTP requests can prove possession of it.';

@Resolver()
class NotesResolver {
  @Query(() => String) @Resource(RESOURCE) a(@AuthInfo('subject') subject: string) {
    return subject;
  }
  @Query(() => String) @Resource(RESOURCE) b(@AuthInfo('subject') subject: string) {
    return subject;
  }
  @Query(() => String) @Resource(TASKS) c(@AuthInfo('subject') subject: string) {
    return subject;
  }
}

/** A resolver of the resource that requires nonces. A proof that another resource accepted must not count here. */
@Resolver()
@Resource(STRICT)
class StrictResolver {
  @Query(() => String) strict(@AuthInfo('subject') subject: string) {
    return subject;
  }
}

@WebSocketGateway()
@Resource(RESOURCE)
class NotesGateway {
  @SubscribeMessage('whoami') whoami(@AuthInfo('subject') subject: string) {
    return { event: 'whoami', data: { subject } };
  }
}

const graphqlModule = GraphQLModule.forRoot<ApolloDriverConfig>({
  driver: ApolloDriver,
  autoSchemaFile: true,
  graphiql: false,
  subscriptions: { 'graphql-ws': true },
});

describe.each(adapters)('DPoP beyond controllers, on %s', (adapter) => {
  let issuer: Issuer;
  let key: DpopKey;
  let url = '';

  beforeAll(async () => {
    [issuer, key] = await Promise.all([Issuer.start(), DpopKey.make()]);
    const options: McpAuthModuleOptions = {
      protectedResources: [RESOURCE, TASKS, STRICT].map((resource) => ({
        metadata: { resource, authorizationServers: [issuer.url] },
        dpop: { mode: 'accepted', nonce: resource === STRICT },
      })),
    };
    ({ url } = await startApp({
      adapter,
      options,
      imports: [graphqlModule],
      providers: [NotesResolver, StrictResolver, NotesGateway],
    }));
  });
  afterAll(async () => {
    await stopApps();
    await issuer.down();
  });

  const mint = async () =>
    issuer.mint({
      audience: [RESOURCE, TASKS, STRICT],
      claims: { cnf: { jkt: key.jkt }, jti: randomUUID() },
    });
  const headersFor = async (uri: string, method = 'POST') => {
    const token = await mint();
    const dpop = await key.proof(token, { uri, method });
    return { authorization: `DPoP ${token}`, dpop };
  };
  const ask = async (headers: Record<string, string>, query = '{ a b c }') => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as {
      data: unknown;
      errors?: { extensions: Record<string, unknown> }[];
    };
  };

  it('one proof counts for all resolvers of a GraphQL request, and for no other request', async () => {
    const headers = await headersFor('https://api.example.com/graphql');
    expect(await ask(headers)).toEqual({ data: { a: 'alice', b: 'alice', c: 'alice' } });
    const { data, errors } = await ask(headers);
    expect(data).toBeNull();
    expect(errors?.[0]?.extensions.code).toBe('invalid_dpop_proof');
  });

  it('each resource of a GraphQL request checks the proof against its own options', async () => {
    const headers = await headersFor('https://api.example.com/graphql');
    const { data, errors } = await ask(headers, '{ a strict }');
    expect(data).toBeNull();
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['use_dpop_nonce']);
  });

  describe('over WebSocket', () => {
    const clients: { close: () => void }[] = [];
    afterEach(() => {
      for (const client of clients.splice(0)) client.close();
    });

    it.each(['DPoP', 'Bearer'])(
      'a message with a bound token as %s is rejected',
      async (scheme) => {
        const { authorization, dpop } = await headersFor(
          'https://api.example.com/socket.io/',
          'GET',
        );
        const extraHeaders = { dpop, authorization: authorization.replace('DPoP', scheme) };
        const socket = io(url, { transports: ['websocket'], forceNew: true, extraHeaders });
        clients.push(socket);
        const heard = new Promise<unknown>((resolve) =>
          socket.onAny((_event, data) => resolve(data)),
        );
        socket.emit('whoami');
        expect(await heard).toMatchObject({
          error: 'invalid_token',
          error_description:
            scheme === 'DPoP'
              ? ELSEWHERE
              : 'The access token is bound to a key, but the request does not prove possession of it.',
        });
      },
    );

    it('a GraphQL operation with a bound token is rejected', async () => {
      const headers = await headersFor('https://api.example.com/graphql', 'GET');
      const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
        headers,
      });
      clients.push(socket);
      const answer = await new Promise<unknown>((resolve, reject) => {
        socket.on('error', reject);
        socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init' })));
        socket.on('message', (data: Buffer) => {
          const message = JSON.parse(data.toString()) as { type: string; payload: unknown };
          if (message.type === 'connection_ack') {
            const payload = { query: '{ a }' };
            socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
          } else {
            resolve(message.payload);
          }
        });
      });
      expect(JSON.stringify(answer)).toContain(ELSEWHERE);
      expect(JSON.stringify(answer)).not.toContain('alice');
    });
  });
});
