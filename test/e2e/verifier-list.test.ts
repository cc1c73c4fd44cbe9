import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, Injectable, Logger } from '@nestjs/common';
import {
  AccessTokenVerifier,
  AuthInfo,
  AuthorizationServerUnavailableError,
  IntrospectionTokenVerifier,
  InvalidTokenError,
  JwtTokenVerifier,
  ProtectedResourceRegistry,
  TokenRevocations,
  TokenVerifier,
  type McpAuthModuleOptions,
  type ProtectedResourceOptions,
  type TokenVerificationContext,
  type VerifiedToken,
} from 'nestjs-mcp-auth';
import {
  adapters,
  bearer,
  oneResource,
  RESOURCE,
  startApp,
  startFailure,
  stopApps,
} from '../support/app.js';
import { CLIENT, IntrospectionEndpoint } from '../support/introspection.js';
import { Issuer } from '../support/issuer.js';
import { useIssuer } from '../support/serve.js';

@Controller('notes')
class NotesController {
  @Get() get(@AuthInfo() { issuer, subject, principal }: AuthInfo) {
    return { issuer, subject, principal };
  }
}

/** The verifiers that were called, and with which tokens. */
const calls: string[] = [];
const callsOf = (name: string) => calls.filter((call) => call.startsWith(`${name} `)).length;

/** A verifier of tokens that contain the result: `key_<subject>`. */
@Injectable()
class ApiKeyVerifier extends TokenVerifier {
  override recognizes(token: string): boolean | Promise<boolean> {
    calls.push(`recognizes ${token}`);
    return token.startsWith('key_');
  }

  override verify(
    token: string,
    { resource }: TokenVerificationContext,
  ): VerifiedToken | Promise<VerifiedToken> {
    calls.push(`key ${token}`);
    const subject = token.slice('key_'.length);
    if (subject === 'unknown') {
      throw new InvalidTokenError();
    }
    return { issuer: RESOURCE, audience: resource, subject, claims: { jti: subject } };
  }
}

/** A verifier that also recognizes the tokens of {@link ApiKeyVerifier}, and would accept all of them. */
@Injectable()
class GreedyVerifier extends TokenVerifier {
  override recognizes(token: string): Promise<boolean> {
    return Promise.resolve(token.startsWith('key_') || token.startsWith('greedy_'));
  }

  override verify(token: string, { resource, issuers }: TokenVerificationContext): VerifiedToken {
    calls.push(`greedy ${token}`);
    return { issuer: issuers[0] ?? '', audience: resource, subject: 'greedy' };
  }
}

const anyToken = (token: string, { resource, issuers }: TokenVerificationContext) => {
  calls.push(`any ${token}`);
  return { issuer: issuers[0] ?? '', audience: resource, subject: 'any' };
};

beforeEach(() => {
  calls.length = 0;
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe.each(adapters)('a list of verifiers, on %s', (adapter) => {
  const issuer = useIssuer({ per: 'test' });
  let endpoint: IntrospectionEndpoint;
  let url: string;
  let app: Awaited<ReturnType<typeof startApp>>['app'];

  beforeEach(() => {
    endpoint = new IntrospectionEndpoint(issuer);
  });

  const start = async (
    tokenVerifier: ProtectedResourceOptions['tokenVerifier'],
    module: Partial<McpAuthModuleOptions> = {},
  ) => {
    const resource: ProtectedResourceOptions = {
      metadata: {
        resource: RESOURCE,
        authorizationServers: [{ issuer: issuer.url, introspection: CLIENT }],
      },
      tokenVerifier,
      ownIssuers: [RESOURCE],
    };
    const options = { protectedResources: resource, ...module };
    ({ url, app } = await startApp({ adapter, options, controllers: [NotesController] }));
  };
  const call = async (token: string) => fetch(`${url}/notes`, bearer(token));
  const outcome = async (token: string) => {
    const response = await call(token);
    const { subject, error = 'fault' } = (await response.json()) as Record<string, unknown>;
    return `${response.status} ${String(subject ?? error)}`;
  };
  const mint = async (sub: string) => issuer.mint({ audience: RESOURCE, claims: { sub } });

  it.each<[string, (opaque: string, jwt: string) => string, string]>([
    ['a key', () => 'key_alice', '200 alice'],
    ['a key that its verifier rejects', () => 'key_unknown', '401 invalid_token'],
    ['an opaque token', (opaque) => opaque, '200 opaque'],
    ['an unknown opaque token', () => 'opaque-2', '401 invalid_token'],
    ['a JWT', (_, jwt) => jwt, '200 jwt'],
    ['a JWT with a bad signature', (_, jwt) => `${jwt.slice(0, -8)}AAAAAAAA`, '401 invalid_token'],
    ['a key beginning with upper case', () => 'KEY_alice', '401 invalid_token'],
    ['two tokens', () => 'key_alice,key_bob', '400 invalid_request'],
    ['two tokens with a space', () => 'key_alice key_bob', '400 invalid_request'],
  ])('verifies %s', async (_, tokenOf, expected) => {
    await start([ApiKeyVerifier, JwtTokenVerifier, IntrospectionTokenVerifier]);
    const opaque = endpoint.issue(RESOURCE, { sub: 'opaque' });
    expect(await outcome(tokenOf(opaque, await mint('jwt')))).toBe(expected);
  });

  it('asks no other verifier after one has rejected the token', async () => {
    await start([ApiKeyVerifier, GreedyVerifier, anyToken]);
    endpoint.issue(RESOURCE, {}, 'key_unknown');
    expect(await outcome('key_unknown')).toBe('401 invalid_token');
    expect(calls).toEqual(['recognizes key_unknown', 'key key_unknown']);
    expect(endpoint.count).toBe(0);
  });

  it('asks the verifiers in its order', async () => {
    await start([GreedyVerifier, ApiKeyVerifier, anyToken]);
    expect(await outcome('key_alice')).toBe('200 greedy');
    expect(await outcome('greedy_x')).toBe('200 greedy');
    expect(await outcome('other')).toBe('200 any');
    expect(callsOf('key')).toBe(0);
  });

  it('answers 401 to a token that no verifier recognizes', async () => {
    await start([ApiKeyVerifier, GreedyVerifier]);
    const jwt = await mint('alice');
    expect(await outcome(jwt)).toBe('401 invalid_token');
    expect(await outcome('other')).toBe('401 invalid_token');
    expect(callsOf('key')).toBe(0);
  });

  it('caches the tokens that built-in verifiers accept, and no tokens of other verifiers', async () => {
    await start([ApiKeyVerifier, IntrospectionTokenVerifier, JwtTokenVerifier]);
    const jwt = await mint('jwt');
    const opaque = endpoint.issue(RESOURCE, { sub: 'opaque' });
    for (const [token, expected] of [
      [jwt, '200 jwt'],
      [opaque, '200 opaque'],
      ['key_alice', '200 alice'],
    ]) {
      calls.length = 0;
      const outcomes = [
        ...(await Promise.all([outcome(token ?? ''), outcome(token ?? '')])),
        await outcome(token ?? ''),
      ];
      expect(outcomes).toEqual([expected, expected, expected]);
      expect([token, callsOf('key')]).toEqual([token, token === 'key_alice' ? 3 : 0]);
    }
    expect(endpoint.count).toBe(1);
    calls.length = 0;
    await Promise.all([outcome(jwt), outcome(opaque)]);
    expect(calls).toEqual([]);
  });

  it('does not share a rejection between requests that come at the same time', async () => {
    let arrived = 0;
    let open: () => void = () => undefined;
    const allArrived = new Promise<void>((resolve) => (open = resolve));
    let isFirst = true;
    class FlakyVerifier extends ApiKeyVerifier {
      override recognizes(token: string) {
        if (++arrived === 3) {
          open();
        }
        return super.recognizes(token);
      }

      override async verify(token: string, context: TokenVerificationContext) {
        const verified = isFirst ? 'key_unknown' : token;
        isFirst = false;
        await allArrived;
        return super.verify(verified, context);
      }
    }
    await start([FlakyVerifier, JwtTokenVerifier]);
    const outcomes = await Promise.all([1, 2, 3].map(() => outcome('key_alice')));
    expect(outcomes.sort()).toEqual(['200 alice', '200 alice', '401 invalid_token']);
  });

  it('keeps revocation', async () => {
    await start([ApiKeyVerifier, JwtTokenVerifier]);
    await app.get(TokenRevocations).revokeToken({ issuer: RESOURCE, jti: 'alice' });
    expect(await outcome('key_alice')).toBe('401 invalid_token');
    expect(await outcome('key_bob')).toBe('200 bob');
  });

  it('is also used by an injected verifier', async () => {
    await start([ApiKeyVerifier, JwtTokenVerifier]);
    const resource = app.get(ProtectedResourceRegistry).get(RESOURCE);
    const verifier = app.get(AccessTokenVerifier);
    expect(await verifier.verify('key_bob', resource as never)).toMatchObject({ subject: 'bob' });
    await expect(verifier.verify('x', resource as never)).rejects.toThrow(
      new InvalidTokenError('malformed'),
    );
  });

  it.each<[string, () => unknown, string]>([
    ['returns nothing', () => undefined, '500 fault'],
    ['returns a text', () => 'true', '500 fault'],
    ['resolves to a number', () => Promise.resolve(1), '500 fault'],
    ['throws', () => Promise.reject(new Error('oops')), '500 fault'],
    ['rejects the token', () => Promise.reject(new InvalidTokenError()), '401 invalid_token'],
    [
      'cannot tell',
      () => Promise.reject(new AuthorizationServerUnavailableError('down')),
      '503 temporarily_unavailable',
    ],
    ['never answers', () => new Promise(() => undefined), '503 temporarily_unavailable'],
  ])('fails closed if recognizes() %s', async (_, answer, expected) => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    jest.spyOn(ApiKeyVerifier.prototype, 'recognizes').mockImplementation(answer as never);
    await start([ApiKeyVerifier, anyToken], { fetchTimeout: 100 });
    expect(await outcome('key_alice')).toBe(expected);
    expect([callsOf('key'), callsOf('any')]).toEqual([0, 0]);
    const isLogged = error.mock.calls.some(([text]) =>
      /verif|recogni|oops|down/.test(String(text)),
    );
    expect(isLogged).toBe(expected.startsWith('50'));
  });

  it.each<[string, ProtectedResourceOptions['tokenVerifier'], number]>([
    ['with a verifier of its own', [ApiKeyVerifier, JwtTokenVerifier], 401],
    ['with introspection', [IntrospectionTokenVerifier, JwtTokenVerifier], 401],
    ['of JWTs alone', [JwtTokenVerifier], 400],
  ])('%s decides which characters a token may have', async (_, tokenVerifier, status) => {
    const server = { issuer: issuer.url, introspection: CLIENT };
    const metadata = { resource: RESOURCE, authorizationServers: [server] };
    const options = { protectedResources: { metadata, tokenVerifier } };
    ({ url } = await startApp({ adapter, options, controllers: [NotesController] }));
    expect((await call('a:b!')).status).toBe(status);
  });

  it('does not call `recognizes` if there is a single verifier instead of a list', async () => {
    await start(ApiKeyVerifier);
    expect(await outcome('anything')).toBe('200 hing');
    expect(callsOf('recognizes')).toBe(0);
  });

  it('introspects a JWT whose issuer publishes no keys', async () => {
    issuer.metadata = { ...issuer.metadata, jwks_uri: undefined };
    await start([ApiKeyVerifier, IntrospectionTokenVerifier, JwtTokenVerifier]);
    const jwt = endpoint.issue(RESOURCE, { sub: 'introspected' }, await mint('jwt'));
    expect(await outcome(jwt)).toBe('200 introspected');
  });
});

describe.each(adapters)('ownIssuers, on %s', (adapter) => {
  const issuer = useIssuer();
  afterEach(stopApps);

  const start = async (more: Partial<ProtectedResourceOptions>) => {
    const { url } = await startApp({
      adapter,
      options: oneResource(issuer.url, {
        tokenVerifier: [ApiKeyVerifier, JwtTokenVerifier],
        ...more,
      }),
      controllers: [NotesController],
    });
    return url;
  };

  it('are issuers that a verifier of the application can return, and have separate principals', async () => {
    const url = await start({ ownIssuers: [RESOURCE] });
    const key = (await (await fetch(`${url}/notes`, bearer('key_alice'))).json()) as AuthInfo;
    const jwt = await issuer.mint({ audience: RESOURCE, claims: { sub: 'alice' } });
    const user = (await (await fetch(`${url}/notes`, bearer(jwt))).json()) as AuthInfo;
    expect([key.issuer, user.issuer]).toEqual([RESOURCE, issuer.url]);
    expect(key.principal).not.toBe(user.principal);
  });

  it.each([
    ['no issuers', undefined],
    ['another issuer', ['https://other.example.com']],
  ])('with %s, the issuer of the verifier is not trusted', async (_, ownIssuers) => {
    const url = await start({ ownIssuers });
    expect((await fetch(`${url}/notes`, bearer('key_alice'))).status).toBe(401);
  });

  it('are not published, and a JWT that names one of them is rejected', async () => {
    const url = await start({ ownIssuers: [issuer.url.replace('localhost', '127.0.0.1')] });
    const document = await fetch(`${url}/.well-known/oauth-protected-resource/notes`);
    expect(await document.json()).toMatchObject({ authorization_servers: [issuer.url] });
    const jwt = await issuer.mint({
      audience: RESOURCE,
      claims: { iss: issuer.url.replace('localhost', '127.0.0.1') },
    });
    const asked = issuer.requests.length;
    expect((await fetch(`${url}/notes`, bearer(jwt))).status).toBe(401);
    expect(issuer.requests.length).toBe(asked);
  });

  it('do not cause a call of a resolver', async () => {
    const resolver = jest.fn(() => undefined);
    const { url } = await startApp({
      adapter,
      options: {
        protectedResources: {
          metadata: { resource: RESOURCE, authorizationServers: [issuer.url, resolver] },
          tokenVerifier: [ApiKeyVerifier, JwtTokenVerifier],
          ownIssuers: [RESOURCE],
        },
      },
      controllers: [NotesController],
    });
    expect((await fetch(`${url}/notes`, bearer('key_alice'))).status).toBe(200);
    expect(resolver).not.toHaveBeenCalled();
  });
});

describe('a list of verifiers stops the start', () => {
  const failure = async (more: Partial<ProtectedResourceOptions>) =>
    (
      await startFailure({
        options: oneResource('https://auth.example.com', more),
        controllers: [NotesController],
      })
    )?.message;

  it('if it contains IntrospectionTokenVerifier, and no authorization server has introspection', async () => {
    for (const tokenVerifier of [
      IntrospectionTokenVerifier,
      [ApiKeyVerifier, IntrospectionTokenVerifier],
    ]) {
      expect(await failure({ tokenVerifier })).toBe(
        `The tokenVerifier of ${RESOURCE} names IntrospectionTokenVerifier, but no authorization server of this resource has the option "introspection"; set that option, or remove the verifier.`,
      );
    }
  });

  it('if the resource has ownIssuers, and the list has no verifier of the application', async () => {
    const ownIssuers = [RESOURCE];
    expect(await failure({ tokenVerifier: [JwtTokenVerifier], ownIssuers })).toBe(
      `The ownIssuers of ${RESOURCE} have no effect without a verifier of your own in "tokenVerifier"; remove them.`,
    );
  });
});

describe('eager discovery with a list of verifiers', () => {
  it.each<[string, ProtectedResourceOptions['tokenVerifier'], boolean]>([
    ['that verifies JWTs requires keys', [ApiKeyVerifier, JwtTokenVerifier], true],
    ['of verifiers of the application does not', [ApiKeyVerifier, anyToken], false],
  ])('%s', async (_, tokenVerifier, isRequired) => {
    const issuer = await Issuer.start();
    issuer.answer('/jwks', (_request, response) => response.writeHead(500).end());
    const failed = await startFailure({
      options: { ...oneResource(issuer.url, { tokenVerifier }), discovery: 'eager' },
      controllers: [NotesController],
    });
    expect(failed !== undefined).toBe(isRequired);
    await stopApps();
    await issuer.down();
  });
});
