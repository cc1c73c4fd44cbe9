import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication } from '@nestjs/common';
import {
  AccessTokenVerifier,
  AuthInfo,
  InvalidTokenError,
  ProtectedResourceRegistry,
  Resource,
  type AuthorizationServersOption,
  type ProtectedResourceOptions,
} from 'nestjs-mcp-auth';
import { adapters, startApp } from '../support/app.js';
import { CLIENT, IntrospectionEndpoint } from '../support/introspection.js';
import { useIssuer } from '../support/serve.js';

const at = (name: string) => `https://api.example.com/${name}`;
const KINDS = ['jwt', 'introspected', 'own', 'resolved'] as const;
type Kind = (typeof KINDS)[number];

@Controller()
class NotesController {
  @Get('jwt') @Resource(at('jwt')) jwt(@AuthInfo('subject') subject: string) {
    return { subject };
  }

  @Get('introspected') @Resource(at('introspected')) introspected(
    @AuthInfo('subject') subject: string,
  ) {
    return { subject };
  }

  @Get('own') @Resource(at('own')) own(@AuthInfo('token') token: string) {
    return { token };
  }

  @Get('resolved') @Resource(at('resolved')) resolved() {
    return {};
  }
}

/** The tokens with visible characters that `b64token` does not allow. */
const beyond = [
  'user:grant:secret',
  '00D5g000004kYZ!AQEAQF.x_y',
  '1:abc',
  'a"b\\c',
  "(a)[b]{c}<d>'e'`f`",
  'a=b=c',
  '=',
  '$2b$10$N9qo8uLO@#%^&*;?|',
];

/** The values that no verifier accepts as exactly one token. */
const unreadable = [
  'a b',
  'a,b',
  'a:b,Bearer c:d',
  'a:b, c:d',
  ',',
  'a\tb',
  '\tabc',
  ' \tabc',
  'a\u00e9',
];

describe.each(adapters)('the grammar of tokens, on %s', (adapter) => {
  const issuer = useIssuer();
  let endpoint: IntrospectionEndpoint;
  let app: INestApplication;
  let url: string;

  beforeAll(async () => {
    endpoint = new IntrospectionEndpoint(issuer);
    const other = 'https://other.example.com';
    const resource = (
      kind: Kind,
      authorizationServers: AuthorizationServersOption,
      more: Partial<ProtectedResourceOptions> = {},
    ): ProtectedResourceOptions => ({
      metadata: { resource: at(kind), authorizationServers },
      ...more,
    });
    const introspecting = { issuer: issuer.url, introspection: CLIENT };
    ({ app, url } = await startApp({
      adapter,
      options: {
        protectedResources: [
          resource('jwt', [other]),
          resource('introspected', [introspecting]),
          resource('own', [other], {
            tokenVerifier: () => ({ issuer: other, audience: at('own'), subject: 'alice' }),
          }),
          resource('resolved', () => undefined, { publishedIssuers: [] }),
        ],
      },
      controllers: [NotesController],
    }));
  });

  const call = async (kind: Kind, token: string) =>
    fetch(`${url}/${kind}`, { headers: { authorization: `Bearer ${token}` } });
  const statuses = async (token: string) =>
    Promise.all(KINDS.map(async (kind) => (await call(kind, token)).status));

  it.each(beyond)(
    'accepts any visible character if a verifier accepts opaque tokens: %s',
    async (token) => {
      endpoint.issue(at('introspected'), {}, token);
      expect(await statuses(token)).toEqual([400, 200, 200, 401]);
      expect(await (await call('introspected', token)).json()).toEqual({ subject: 'alice' });
      expect(await (await call('own', token)).json()).toEqual({ token });
    },
  );

  it.each(unreadable)('does not read %j as one token, whatever the verifier', async (token) => {
    const asked = endpoint.count;
    const headers = { authorization: `Bearer ${Buffer.from(token).toString('latin1')}` };
    for (const kind of KINDS) {
      expect((await fetch(`${url}/${kind}`, { headers })).status).toBe(400);
    }
    expect(endpoint.count).toBe(asked);
  });

  it('does not read a tab after the scheme as a space', async () => {
    const token = endpoint.issue(at('introspected'));
    const headers = { authorization: `Bearer\t${token}` };
    const response = await fetch(`${url}/introspected`, { headers });
    expect([response.status, ((await response.json()) as { error: string }).error]).toEqual([
      400,
      'invalid_request',
    ]);
  });

  describe('of a token given to TokenVerifier directly', () => {
    const verify = async (token: unknown, kind: Kind) => {
      const resource = app.get(ProtectedResourceRegistry).get(at(kind));
      return app.get(AccessTokenVerifier).verify(token as string, resource as never);
    };
    const reason = async (token: unknown, kind: Kind) =>
      verify(token, kind).then(
        () => 'accepted',
        (error: unknown) => (error instanceof InvalidTokenError ? error.reason : error),
      );

    afterEach(() => {
      endpoint.gate = Promise.resolve();
    });

    it.each<unknown>(['', 'a b', 'a,b', 'a\n', ['abc'], { token: 'abc' }, undefined, null, 1])(
      'is violated for every resource by %j',
      async (token) => {
        for (const kind of KINDS) {
          expect(await reason(token, kind)).toBe('malformed');
        }
      },
    );

    it('is violated for a JWT resource by a character that no JWT has', async () => {
      expect(await reason('1:abc', 'jwt')).toBe('malformed');
    });

    it('is checked even while the same value is verified for another resource', async () => {
      // These calls make the library cache the resources in this order.
      await reason('warm-up', 'jwt');
      await reason('warm-up', 'introspected');
      const token = endpoint.issue(at('introspected'), {}, 'being:verified');
      let open: () => void = () => undefined;
      endpoint.gate = new Promise<void>((resolve) => (open = resolve));
      const asked = endpoint.count;
      const right = reason(token, 'introspected');
      while (endpoint.count === asked) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      const names = ['', '0:', '1:', '2:', 'introspected:', `${at('introspected')} `];
      const wrong = names.flatMap((name) =>
        (['jwt', 'own', 'resolved'] as const).map(async (kind) => {
          const resource = app.get(ProtectedResourceRegistry).get(at(kind));
          if (kind !== 'own') {
            return reason(name + token, kind);
          }
          const caller = verify(name + token, kind).catch(() => ({
            resource: resource?.metadataUrl,
          }));
          return (await caller).resource;
        }),
      );
      open();
      expect(await right).toBe('accepted');
      for (const outcome of await Promise.all(wrong)) {
        expect(String(outcome)).not.toBe('accepted');
        expect(String(outcome)).not.toContain('introspected');
      }
    });
  });
});
