import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  Module,
  Optional,
  type MiddlewareConsumer,
  type NestModule,
} from '@nestjs/common';
import { AuthInfo, OptionalAuth, Public } from 'nestjs-mcp-auth';
import { adapters, bearer, oneResource, RESOURCE, startApp } from '../support/app.js';
import { useIssuer } from '../support/serve.js';

/** Holds a request until the handler of another request continues it, in the async context of that other request. */
class Turnstile {
  private arrived: (goOn: () => void) => void = () => undefined;
  readonly waiting = new Promise<() => void>((resolve) => (this.arrived = resolve));

  hold(next: () => void) {
    this.arrived(next);
  }
}

let turnstile: Turnstile;

@Controller()
class NotesController {
  constructor(@Optional() private readonly authInfo: AuthInfo) {}

  @Get('release') async release() {
    (await turnstile.waiting)();
    return {};
  }

  @Get('held/protected') protected() {
    return this.told();
  }

  @Public() @Get('held/public') public() {
    return this.told();
  }

  @OptionalAuth() @Get('held/optional') optional() {
    return this.told();
  }

  private told() {
    return { caller: 'subject' in this.authInfo ? this.authInfo.subject : 'nobody' };
  }
}

@Module({})
class TurnstileModule implements NestModule {
  configure(consumer: MiddlewareConsumer) {
    consumer
      .apply((_request: unknown, _response: unknown, next: () => void) => turnstile.hold(next))
      .forRoutes('held/*path');
  }
}

describe.each(adapters)(
  'a request that continues in the async context of another request, on %s',
  (adapter) => {
    const issuer = useIssuer({ per: 'test' });

    beforeEach(() => {
      turnstile = new Turnstile();
    });

    /** Returns the expected answer. On Fastify, the library opens its store after all middleware, so the caller is found. */
    const found = (caller: string) =>
      adapter === 'express' ? { status: 500, caller: undefined } : { status: 200, caller };

    it.each([
      ['a public handler', 'public', 'nobody'],
      ['an anonymous caller', 'optional', 'nobody'],
      ['another caller', 'protected', 'bob'],
    ])('does not get the other caller: %s', async (_who, path, caller) => {
      const { url } = await startApp({
        adapter,
        options: oneResource(issuer.url),
        imports: [TurnstileModule],
        controllers: [NotesController],
      });
      const tokenOf = async (sub: string) => issuer.mint({ audience: RESOURCE, claims: { sub } });
      const init = caller === 'nobody' ? {} : bearer(await tokenOf(caller));
      const held = fetch(`${url}/held/${path}`, init);
      await turnstile.waiting;
      const released = await fetch(`${url}/release`, bearer(await tokenOf('alice')));
      const answer = await held;
      const body = (await answer.json()) as { caller?: string };
      expect(released.status).toBe(200);
      expect({ status: answer.status, caller: body.caller }).toEqual(found(caller));
    });
  },
);
