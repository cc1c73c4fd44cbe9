import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Field, ObjectType, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import { AuthInfo, Public, RequireScopes } from 'nestjs-mcp-auth';
import { WebSocket } from 'ws';
import { oneResource, RESOURCE, startApp, stopApps } from '../support/app.js';
import { graphqlModule, NotesService } from '../support/graphql.js';
import { useIssuer } from '../support/serve.js';

const issuer = useIssuer();

const token = (claims: Record<string, unknown> = {}, audience: string | string[] = RESOURCE) =>
  issuer.mint({ audience, claims });

@Resolver()
class TicksResolver {
  constructor(private readonly notes: NotesService) {}

  @Query(() => String) @Public() nothing() {
    return '';
  }

  @Subscription(() => String, { resolve: (event: string) => event })
  @RequireScopes('read:ticks')
  async ticks(@AuthInfo('subject') parameter: string) {
    const injected = await this.notes.owner();
    return (async function* () {
      yield `${parameter} ${injected}`;
    })();
  }
}

@ObjectType()
class Letter {
  @Field() id!: string;
  @Field() mine?: string;
  @Field() injected?: string;
}

@Resolver(() => Letter)
class LettersResolver {
  constructor(private readonly authInfo: AuthInfo) {}

  @Query(() => Letter) letter(@AuthInfo('subject') id: string) {
    return { id };
  }

  @Query(() => Letter) @Public() open() {
    return { id: '' };
  }

  @Subscription(() => Letter) async letters() {
    return (async function* () {
      yield { letters: { id: 'x' } };
    })();
  }

  @ResolveField(() => String) async mine(@AuthInfo('subject') owner?: string) {
    await delay(1);
    return owner ?? 'nobody';
  }

  @ResolveField(() => String) injected() {
    return this.authInfo.subject;
  }
}

/** Returns the answer of the server to a subscription, over graphql-transport-ws. */
async function subscribe(url: string, query: string, bearer?: string): Promise<unknown> {
  const client = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
  });
  const send = (message: object) => client.send(JSON.stringify(message));
  try {
    return await new Promise((resolve, reject) => {
      client.on('error', reject);
      client.on('open', () =>
        send({ type: 'connection_init', payload: { authorization: `Bearer ${bearer}` } }),
      );
      client.on('message', (text: Buffer) => {
        const { type, payload } = JSON.parse(text.toString()) as Record<string, unknown>;
        if (type === 'connection_ack') {
          send({ id: '1', type: 'subscribe', payload: { query } });
        } else {
          resolve(payload);
        }
      });
    });
  } finally {
    client.terminate();
  }
}

describe('a subscription over a WebSocket', () => {
  afterEach(stopApps);

  it('is authenticated by the token of the handshake', async () => {
    const { url } = await startApp({
      adapter: 'express',
      options: oneResource(issuer.url),
      imports: [graphqlModule({ subscriptions: { 'graphql-ws': true } })],
      providers: [TicksResolver, NotesService],
    });
    const granted = await token({ scope: 'read:ticks' });
    expect(await subscribe(url, 'subscription { ticks }', granted)).toEqual({
      data: { ticks: 'alice alice' },
    });
    const refused = await subscribe(url, 'subscription { ticks }', await token());
    expect(JSON.stringify(refused)).toContain('insufficient_scope');
    expect(JSON.stringify(await subscribe(url, 'subscription { ticks }'))).toContain(
      'unauthorized',
    );
  });

  it.each([
    ['the context of the driver', {}],
    ['a context of the application', { context: (given: object) => ({ ...given, loaders: {} }) }],
  ])('provides the caller to the parameters of field resolvers, with %s', async (_which, more) => {
    const { url } = await startApp({
      adapter: 'express',
      options: oneResource(issuer.url),
      imports: [graphqlModule({ subscriptions: { 'graphql-ws': true }, ...more })],
      providers: [LettersResolver],
    });
    const query = '{ letter { id mine } }';
    const asked = await Promise.all(
      ['alice', 'bob'].map(async (sub) => subscribe(url, query, await token({ sub }))),
    );
    expect(asked).toEqual(
      ['alice', 'bob'].map((sub) => ({ data: { letter: { id: sub, mine: sub } } })),
    );
    const events = await subscribe(url, 'subscription { letters { mine } }', await token());
    expect(events).toEqual({ data: { letters: { mine: 'alice' } } });
    const injected = await subscribe(url, '{ letter { injected } }', await token());
    expect(JSON.stringify(injected)).toContain('there is no authenticated caller');
    expect(await subscribe(url, '{ open { mine } }')).toEqual({
      data: { open: { mine: 'nobody' } },
    });
  });
});
