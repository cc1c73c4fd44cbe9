import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, Res } from '@nestjs/common';
import fc from 'fast-check';
import {
  Resource,
  StateStore,
  nodeResponse,
  type DpopMode,
  type DpopOptions,
  type AdapterResponse,
} from 'nestjs-mcp-auth';
import { adapters, RESOURCE, stopApps } from '../support/app.js';
import { Laboratory, NotesController, send, type Answer } from '../support/dpop/laboratory.js';
import { bound, claims, uri, type Made, type Sent } from '../support/dpop/refusals.js';

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
const METADATA =
  'resource_metadata="https://api.example.com/.well-known/oauth-protected-resource/notes"';
const EXPOSE = 'access-control-expose-headers';

/** Answers on Node's own response, as the MCP SDK's transports do. */
@Controller('raw')
class RawController {
  @Get() answer(@Res() response: AdapterResponse) {
    nodeResponse(response).writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }
}

class RecordingStore extends StateStore {
  readonly asked: { key: string; seconds: number }[] = [];
  answer: () => boolean | Promise<boolean> = () => true;

  override firstTime(key: string, seconds: number) {
    this.asked.push({ key, seconds });
    return this.answer();
  }
  override put() {
    // DPoP never calls put().
  }
  override get(keys: readonly string[]) {
    return keys.map(() => undefined);
  }
}

const wallNow = () => Math.floor(Date.now() / 1000);
const right = bound(({ key, token }) => key.proof(token));
const outcome = ({ status, body, headers }: Answer) => ({
  status,
  error: body.error,
  challenge: headers['www-authenticate'],
});

describe.each(adapters)('DPoP on %s', (adapter) => {
  let lab: Laboratory;

  beforeAll(async () => {
    lab = await Laboratory.open(adapter);
  });
  afterEach(async () => {
    jest.useRealTimers();
    await stopApps();
  });
  afterAll(async () => {
    await lab.issuer.down();
  });

  const later = (seconds: number) =>
    jest.useFakeTimers({ now: Date.now() + seconds * 1000, doNotFake: [...ALL_BUT_DATE] });
  /** Returns a correct request with this nonce in its proof. */
  const withNonce = async (nonce: unknown, path = '/notes') => ({
    ...(await lab.make(
      bound(({ key, token }) =>
        key.proof(token, { claims: { nonce }, uri: `https://api.example.com${path}` }),
      ),
    )),
    path,
  });
  const nonceOf = ({ headers }: Answer) => headers['dpop-nonce'];

  describe('with the option dpop', () => {
    const plain = 'a plain token as Bearer';
    const none = 'no token';
    const cases: [DpopMode, string, number, error: string | undefined][] = [
      ['off', plain, 200, undefined],
      ['off', none, 401, 'unauthorized'],
      ['off', 'a bound token with its proof', 401, 'unauthorized'],
      ['off', 'a bound token as Bearer', 401, 'invalid_token'],
      ['accepted', plain, 200, undefined],
      ['accepted', none, 401, 'unauthorized'],
      ['accepted', 'a plain token as Bearer, with a proof', 200, undefined],
      ['accepted', 'a plain token as DPoP, with a proof', 401, 'invalid_token'],
      ['accepted', 'a bound token with its proof', 200, undefined],
      ['accepted', 'the scheme in lower case', 200, undefined],
      ['required', plain, 401, 'invalid_token'],
      ['required', none, 401, 'unauthorized'],
      ['required', 'a plain token as DPoP, with a proof', 401, 'invalid_token'],
      ['required', 'a bound token with its proof', 200, undefined],
    ];
    const requests: Record<string, (made: Omit<Made, 'token'>) => Promise<Sent>> = {
      [none]: async () => ({}),
      [plain]: async () => ({ authorization: `Bearer ${await lab.mint(null)}` }),
      'a plain token as Bearer, with a proof': async ({ key }) => {
        const token = await lab.mint(null);
        return { authorization: `Bearer ${token}`, dpop: await key.proof(token) };
      },
      'a plain token as DPoP, with a proof': async ({ key }) => {
        const token = await lab.mint(null);
        return { authorization: `DPoP ${token}`, dpop: await key.proof(token) };
      },
      'a bound token with its proof': () => lab.make(right),
      'a bound token as Bearer': async () => ({ authorization: `Bearer ${await lab.mint()}` }),
      'the scheme in lower case': async ({ key }) => {
        const token = await lab.mint();
        return { authorization: `dpop ${token}`, dpop: await key.proof(token) };
      },
    };

    it.each(cases)('%s: %s is answered %i', async (mode, name, status, error) => {
      const url = await lab.start(mode);
      const make = requests[name];
      if (make === undefined) throw new Error(name);
      expect(outcome(await send(url, await make(lab.made)))).toMatchObject({ status, error });
    });

    it.each([
      ['off', `Bearer ${METADATA}`],
      ['accepted', `Bearer ${METADATA}, DPoP ${METADATA}, algs="ES256 EdDSA"`],
      ['required', `DPoP ${METADATA}, algs="ES256 EdDSA"`],
    ] as const)(
      '%s: names the right schemes in the challenge without a token',
      async (mode, challenge) => {
        const url = await lab.start({ mode, algorithms: ['ES256', 'EdDSA'] });
        expect(outcome(await send(url, {})).challenge).toBe(challenge);
      },
    );

    it.each([
      ['off', {}],
      ['accepted', { dpop_signing_alg_values_supported: ['ES256'] }],
      [
        'required',
        {
          dpop_signing_alg_values_supported: ['ES256'],
          dpop_bound_access_tokens_required: true,
        },
      ],
    ] as const)('%s: publishes the right metadata', async (mode, fields) => {
      const url = await lab.start({ mode, algorithms: ['ES256'] });
      const metadata = await send(url, { path: '/.well-known/oauth-protected-resource/notes' });
      const published = Object.entries(metadata.body).filter(([name]) => name.startsWith('dpop'));
      expect(Object.fromEntries(published)).toEqual(fields);
    });

    it('given as a string accepts proofs of every asymmetric algorithm', async () => {
      const url = await lab.start('required');
      const { challenge = '' } = outcome(await send(url, {}));
      expect(challenge).toMatch(/algs="RS256 .*PS256 .*ES256 .*EdDSA Ed25519"$/);
      const { rsa } = lab.made;
      const token = await lab.mint({ jkt: rsa.jkt });
      const sent = { authorization: `DPoP ${token}`, dpop: await rsa.proof(token) };
      expect((await send(url, sent)).status).toBe(200);
    });
  });

  it('names the missing scopes in the challenge of the scheme that was used', async () => {
    const url = await lab.start({ mode: 'accepted', algorithms: ['ES256'] });
    const sent = await lab.make(uri('https://api.example.com/admin'));
    const scope = `${METADATA}, scope="admin"`;
    expect(outcome(await send(url, { ...sent, path: '/admin' }))).toEqual({
      status: 403,
      error: 'insufficient_scope',
      challenge: `Bearer ${scope}, DPoP error="insufficient_scope", error_description="The access token lacks a scope that this operation needs.", ${scope}, algs="ES256"`,
    });
  });

  it('rejects a bad proof even with @OptionalAuth()', async () => {
    const url = await lab.start('accepted');
    const sent = await lab.make(right);
    expect(outcome(await send(url, { ...sent, path: '/maybe' }))).toMatchObject({
      status: 401,
      error: 'invalid_dpop_proof',
    });
  });

  it.each([
    ['empty', {}],
    ['a jwk', { jwk: { kty: 'EC' } }],
    ['a jkt that is not a string', { jkt: 1 }],
    ['a string', 'jkt'],
    ['an array', ['jkt']],
  ])('rejects a token whose cnf is %s', async (_name, cnf) => {
    const url = await lab.start('accepted');
    const token = await lab.mint(cnf);
    for (const scheme of ['Bearer', 'DPoP']) {
      const dpop = await lab.made.key.proof(token);
      const answer = await send(url, { authorization: `${scheme} ${token}`, dpop });
      expect({ status: answer.status, ...answer.body }).toEqual({
        status: 401,
        error: 'invalid_token',
        error_description: 'The access token is bound in a way that this resource cannot check.',
      });
    }
  });

  it.each([
    ['Bearer', 'The access token is bound in a way that this resource cannot check.'],
    ['DPoP', 'The access token is not bound to a key by DPoP.'],
  ])(
    'rejects a token bound to a certificate, without the option clientCertificate, as %s',
    async (scheme, reason) => {
      const url = await lab.start('accepted');
      const token = await lab.mint({ 'x5t#S256': 'A'.repeat(43) });
      const dpop = await lab.made.key.proof(token);
      const answer = await send(url, { authorization: `${scheme} ${token}`, dpop });
      expect({ status: answer.status, ...answer.body }).toEqual({
        status: 401,
        error: 'invalid_token',
        error_description: reason,
      });
    },
  );

  it('ignores an unknown member of cnf next to a known member', async () => {
    const url = await lab.start('accepted');
    const token = await lab.mint({ jkt: lab.made.key.jkt, kid: 'x' });
    expect((await send(url, await lab.make(right, token))).status).toBe(200);
  });

  describe('the iat of a proof', () => {
    it.each([
      [60, 55, 200],
      [60, -55, 200],
      [60, 65, 401],
      [60, -65, 401],
      [5, 7, 401],
      [300, 290, 200],
    ])(
      'with a proofLifetime of %i seconds: %i seconds old is answered %i',
      async (proofLifetime, ago, status) => {
        const url = await lab.start({ mode: 'accepted', proofLifetime });
        const iat = Math.floor(Date.now() / 1000) - ago;
        expect((await send(url, await lab.make(claims({ iat })))).status).toBe(status);
      },
    );

    it.each(['exp', 'nbf'])('gives the same tolerance to its own %s', async (claim) => {
      const url = await lab.start('accepted');
      const time = Math.floor(Date.now() / 1000) + (claim === 'exp' ? -50 : 50);
      expect((await send(url, await lab.make(claims({ [claim]: time })))).status).toBe(200);
    });

    describe('after the wall clock was set back', () => {
      const start = wallNow();
      const monotonic = performance.now.bind(performance);
      const setClocks = (elapsed: number, setBack = 0) => {
        jest.spyOn(performance, 'now').mockImplementation(() => monotonic() + elapsed * 1000);
        const now = (start + elapsed - setBack) * 1000;
        jest.useFakeTimers({ now, doNotFake: [...ALL_BUT_DATE] });
      };
      const made = async (after: number, token?: string) =>
        lab.make(claims({ iat: start + after }), token);

      afterEach(() => {
        jest.restoreAllMocks();
      });

      it.each<[string, number, number, boolean]>([
        ['the store has forgotten the proof', 70, 90, false],
        ['a store that uses the wall clock has forgotten the proof', 0, 0, true],
        ['the process was idle for a long time', 4000, 4020, false],
      ])(
        'does not let a used proof be accepted again, though %s',
        async (_, elapsed, setBack, jumps) => {
          setClocks(0);
          const store = new RecordingStore();
          const url = await lab.start('accepted', jumps ? { store } : {});
          const token = await lab.mint(undefined, { iat: start - 600 });
          const [used, later] = [await made(-10, token), await made(0, token)];
          expect([(await send(url, used)).status, (await send(url, later)).status]).toEqual([
            200, 200,
          ]);
          if (jumps) {
            setClocks(0, -70);
            expect((await send(url, used)).status).toBe(401);
          }
          setClocks(elapsed, setBack);
          const description =
            'The DPoP proof was made too long ago, or the clock of the client is wrong.';
          for (const sent of [used, later]) {
            const { status, body } = await send(url, sent);
            expect([status, body.error_description]).toEqual([401, description]);
          }
          expect((await send(url, await made(1, token))).status).toBe(200);
        },
      );

      it('is reported in the log once', async () => {
        const warnings: string[] = [];
        const logger = { ...console, log: jest.fn(), error: jest.fn() };
        logger.warn = (message: string) => void warnings.push(message);
        logger.debug = jest.fn();
        setClocks(0);
        const url = await lab.start('accepted', {}, { nest: { logger } });
        const token = await lab.mint(undefined, { iat: start - 600 });
        const used = await made(0, token);
        expect((await send(url, used)).status).toBe(200);
        setClocks(70, 70);
        expect([(await send(url, used)).status, (await send(url, used)).status]).toEqual([
          401, 401,
        ]);
        expect(warnings.filter((line) => line.includes('clock of this machine'))).toHaveLength(1);
      });

      it('accepts proofs of a client with the right time, even if the clock of the server was hours ahead before', async () => {
        setClocks(0, -7200);
        const url = await lab.start('accepted');
        const token = await lab.mint(undefined, { exp: start + 10_000 });
        expect((await send(url, await made(0, token))).status).toBe(401);
        setClocks(10);
        expect((await send(url, await made(0, token))).status).toBe(200);
      });

      it('still rejects used proofs if the clock was set back by less than proofLifetime', async () => {
        setClocks(0);
        const url = await lab.start('accepted');
        const token = await lab.mint(undefined, { iat: start - 600 });
        const used = await made(0, token);
        expect((await send(url, used)).status).toBe(200);
        setClocks(30, 20);
        expect((await send(url, await made(-5, token))).status).toBe(200);
        expect((await send(url, used)).body.error_description).toBe(
          'The DPoP proof was used before.',
        );
      });
    });

    it('determines, with proofLifetime, how long a used proof is remembered', async () => {
      const store = new RecordingStore();
      const url = await lab.start({ mode: 'accepted', proofLifetime: 100 }, { store });
      for (const ago of [90, 0, -90]) {
        await send(url, await lab.make(claims({ iat: Math.floor(Date.now() / 1000) - ago })));
      }
      for (const [index, left] of [10, 100, 190].entries()) {
        const { seconds = 0 } = store.asked[index] ?? {};
        expect(Number.isInteger(seconds)).toBe(true);
        expect(seconds - left).toBeGreaterThanOrEqual(0);
        expect(seconds - left).toBeLessThanOrEqual(6);
      }
    });
  });

  describe('the state store', () => {
    it('gets neither the token nor the jti', async () => {
      const store = new RecordingStore();
      const url = await lab.start('accepted', { store });
      await send(url, await lab.make(claims({ jti: 'x'.repeat(3000) })));
      expect(store.asked.map(({ key }) => key)).toEqual([
        expect.stringMatching(/^dpop:[A-Za-z0-9_-]{43}$/),
      ]);
    });

    it('is called neither for proofs that are rejected for another reason nor for unbound tokens', async () => {
      const store = new RecordingStore();
      const url = await lab.start('accepted', { store });
      await send(url, await lab.make(claims({ htm: 'POST' })));
      await send(url, await lab.make(claims({}), 'no token'));
      await send(url, { authorization: `Bearer ${await lab.mint(null)}` });
      expect(store.asked).toEqual([]);
    });

    it.each([
      [
        'throws',
        () => {
          throw new Error('down');
        },
      ],
      ['rejects', () => Promise.reject(new Error('down'))],
      ['returns something else than a boolean', () => 'OK' as never],
    ])('that %s lets no request in (503)', async (_name, answer) => {
      const store = new RecordingStore();
      store.answer = answer;
      const url = await lab.start('accepted', { store });
      const { status, body, headers } = await send(url, await lab.make(right));
      expect({ status, error: body.error }).toEqual({
        status: 503,
        error: 'temporarily_unavailable',
      });
      expect(headers['retry-after']).toBe('5');
      expect(headers['www-authenticate']).toBeUndefined();
    });

    it('is shared by two instances, so that only one of them accepts a proof', async () => {
      const seen = new Set<string>();
      class Shared extends RecordingStore {
        override firstTime(key: string) {
          return !seen.has(key) && seen.add(key).has(key);
        }
      }
      const urls = [
        await lab.start('accepted', { store: new Shared() }),
        await lab.start('accepted', { store: new Shared() }),
      ];
      const sent = await lab.make(right);
      const answers = [];
      for (const url of urls) answers.push((await send(url, sent)).status);
      expect(answers).toEqual([200, 401]);
    });
  });

  describe('nonces', () => {
    const NONCE: DpopOptions = { mode: 'accepted', algorithms: ['ES256'], nonce: true };

    it.each([
      ['no nonce', undefined],
      ['a nonce that is made up', 'made up'],
      ['a nonce that is not a string', 1],
      ['an empty nonce', ''],
    ])('are sent in answer to a proof with %s (section 9)', async (_name, nonce) => {
      const url = await lab.start(NONCE);
      const answer = await send(url, await withNonce(nonce));
      const description = 'The DPoP proof must contain the nonce of this response.';
      expect(outcome(answer)).toEqual({
        status: 401,
        error: 'use_dpop_nonce',
        challenge: `Bearer ${METADATA}, DPoP error="use_dpop_nonce", error_description="${description}", ${METADATA}, algs="ES256"`,
      });
      expect(nonceOf(answer)).toMatch(/^[A-Za-z0-9_-]{43}$/);
      expect(answer.headers[EXPOSE]).toBe('WWW-Authenticate, DPoP-Nonce');
    });

    it('are accepted, and no other nonce is sent as long as they are new', async () => {
      const url = await lab.start(NONCE);
      const nonce = nonceOf(await send(url, await withNonce(undefined)));
      const answers = [
        await send(url, await withNonce(nonce)),
        await send(url, await withNonce(nonce)),
      ];
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect(answers.map(nonceOf)).toEqual([undefined, undefined]);
    });

    it('are renewed with a response before they expire', async () => {
      const url = await lab.start(
        NONCE,
        {},
        {
          controllers: [NotesController, RawController],
          setUp: (app) => app.enableCors({ exposedHeaders: ['X-Own'] }),
        },
      );
      const nonce = nonceOf(await send(url, await withNonce(undefined)));
      later(120);
      for (const path of ['/notes', '/raw']) {
        const answer = await send(url, await withNonce(nonce, path));
        expect(answer.status).toBe(200);
        const renewed = nonceOf(answer);
        expect(renewed).toMatch(/^[A-Za-z0-9_-]{43}$/);
        expect(renewed).not.toBe(nonce);
        expect(answer.headers['cache-control']).toBe('no-store');
        expect(answer.headers[EXPOSE]).toContain('DPoP-Nonce');
        if (path === '/notes') expect(answer.headers[EXPOSE]).toContain('X-Own');
        const next = await send(url, await withNonce(renewed, path));
        expect([next.status, nonceOf(next)]).toEqual([200, undefined]);
        expect(next.headers['cache-control']).toBeUndefined();
      }
    });

    it('are rejected after 4 minutes at most', async () => {
      const url = await lab.start(NONCE);
      const nonce = nonceOf(await send(url, await withNonce(undefined)));
      later(240);
      const answer = await send(url, await withNonce(nonce));
      expect(outcome(answer)).toMatchObject({ status: 401, error: 'use_dpop_nonce' });
      expect((await send(url, await withNonce(nonceOf(answer)))).status).toBe(200);
    });

    it.each([
      ['are valid at all instances that share a secret', 'x'.repeat(32), 'x'.repeat(32), 200],
      ['are invalid at an instance with another secret', 'x'.repeat(32), 'y'.repeat(32), 401],
      ['are valid in the whole process by default', undefined, undefined, 200],
    ])('%s', async (_name, one, other, status) => {
      const from = await lab.start({ ...NONCE, nonceSecret: one });
      const to = await lab.start({ ...NONCE, nonceSecret: other });
      const nonce = nonceOf(await send(from, await withNonce(undefined)));
      expect((await send(to, await withNonce(nonce))).status).toBe(status);
    });

    it.each([
      ['are valid at every resource of their origin', 'https://api.example.com/other', 200],
      ['are invalid at another origin', 'https://other.example.com/other', 401],
    ])('%s', async (_name, other, status) => {
      @Controller()
      class TwoResources {
        @Get('notes') @Resource(RESOURCE) notes() {
          return {};
        }
        @Get('other') @Resource(other) other() {
          return {};
        }
      }
      const authorizationServers = [lab.issuer.url];
      const protectedResources = [RESOURCE, other].map((resource) => ({
        metadata: { resource, authorizationServers },
        audience: RESOURCE,
        dpop: NONCE,
      }));
      const url = await lab.start(NONCE, { protectedResources }, { controllers: [TwoResources] });
      const nonce = nonceOf(await send(url, await withNonce(undefined)));
      const sent = await lab.make(
        bound(({ key, token }) => key.proof(token, { claims: { nonce }, uri: other })),
      );
      expect((await send(url, { ...sent, path: '/other' })).status).toBe(status);
    });

    it('are not required by default', async () => {
      const url = await lab.start('accepted');
      const answer = await send(url, await withNonce('anything'));
      expect([answer.status, nonceOf(answer)]).toEqual([200, undefined]);
    });
  });

  describe('behind a proxy that removes a path prefix, with publicUrl', () => {
    it.each([
      ['https://example.com/api/notes', 200],
      ['https://example.com/notes', 401],
      ['https://api.example.com/notes', 401],
    ])('a proof for %s is answered %i', async (htu, status) => {
      for (const publicUrl of ['https://example.com/api', 'https://example.com/api/']) {
        const url = await lab.start({ mode: 'accepted', publicUrl });
        expect((await send(url, await lab.make(uri(htu)))).status).toBe(status);
      }
    });

    @Controller()
    class RootController {
      @Get() root() {
        return {};
      }
      @Get('notes') notes() {
        return {};
      }
    }

    it.each<[string, string, number]>([
      ['/', 'https://example.com/mcp', 200],
      ['/', 'https://example.com/mcp/', 200],
      ['/?page=2', 'https://example.com/mcp', 200],
      ['/?page=2', 'https://EXAMPLE.com:443/%6dcp', 200],
      ['/', 'https://example.com/mcp//', 401],
      ['/', 'https://example.com/mc', 401],
      ['/', 'https://example.com/', 401],
      ['/', 'https://example.com/mcp?page=2', 200],
      ['/notes', 'https://example.com/mcp/notes', 200],
      ['/notes', 'https://example.com/mcp', 401],
      ['/notes', 'https://example.com/mcp/notes/', 401],
    ])('a request for %s with a proof for %s is answered %i', async (path, htu, status) => {
      const controllers = [RootController];
      for (const publicUrl of ['https://example.com/mcp', 'https://example.com/mcp/']) {
        const url = await lab.start({ mode: 'accepted', publicUrl }, {}, { controllers });
        expect((await send(url, { ...(await lab.make(uri(htu))), path })).status).toBe(status);
      }
    });

    it('accepts the URI of the root with and without its trailing slash', async () => {
      const url = await lab.start('accepted', {}, { controllers: [RootController] });
      for (const htu of ['https://api.example.com', 'https://api.example.com/']) {
        expect((await send(url, { ...(await lab.make(uri(htu))), path: '/' })).status).toBe(200);
      }
    });

    it('forwarded headers do not change the expected URI', async () => {
      const url = await lab.start('accepted');
      const forwarded = {
        host: 'evil.example.com',
        forwarded: 'host=evil.example.com;proto=https',
        'x-forwarded-host': 'evil.example.com',
        'x-forwarded-proto': 'https',
      };
      const evil = await lab.make(uri('https://evil.example.com/notes'));
      expect((await send(url, { ...evil, ...forwarded })).status).toBe(401);
      expect((await send(url, { ...(await lab.make(right)), ...forwarded })).status).toBe(200);
    });
  });

  it('rejects a proof and a token of which any byte is changed', async () => {
    const url = await lab.start('accepted');
    const { key } = lab.made;
    const token = await lab.mint();
    const proof = await key.proof(token);
    const changed = (jws: string, at: number, by: number) => {
      const parts = jws.split('.').map((part) => Buffer.from(part, 'base64url'));
      const all = Buffer.concat(parts);
      const index = at % all.length;
      all[index] = (all[index] ?? 0) ^ by;
      let from = 0;
      const slices = parts.map(({ length }) => all.subarray(from, (from += length)));
      return slices.map((part) => part.toString('base64url')).join('.');
    };
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (inProof, at, by) => {
          const sentToken = inProof ? token : changed(token, at, by);
          const dpop = inProof ? changed(proof, at, by) : await key.proof(sentToken);
          return (await send(url, { authorization: `DPoP ${sentToken}`, dpop })).status === 401;
        },
      ),
      { numRuns: 5 * (fc.readConfigureGlobal().numRuns ?? 100) },
    );
    expect((await send(url, { authorization: `DPoP ${token}`, dpop: proof })).status).toBe(200);
  });
});
