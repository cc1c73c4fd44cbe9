import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  AccessTokenVerifier,
  ProtectedResourceRegistry,
  type IntrospectionOptions,
  type McpAuthModuleOptions,
} from 'nestjs-mcp-auth';
import { adapters, bearer, RESOURCE } from '../support/app.js';
import { DpopKey } from '../support/dpop/key.js';
import { IntrospectedApp, introspecting } from '../support/introspected-app.js';

const DPOP = { token_type: 'DPoP' };

const seconds = () => Math.floor(Date.now() / 1000);

describe.each(adapters)('introspection, on %s', (adapter) => {
  const tested = IntrospectedApp.use(adapter);
  const { issuer, start, status } = tested;

  describe('caches results', () => {
    let elapsed: number;

    beforeEach(() => {
      elapsed = 0;
      const now = performance.now.bind(performance);
      jest.spyOn(performance, 'now').mockImplementation(() => now() + elapsed);
      const wall = Date.now.bind(Date);
      jest.spyOn(Date, 'now').mockImplementation(() => wall() + elapsed);
    });

    it.each<[string, Partial<IntrospectionOptions>, number]>([
      ['30 seconds by default', {}, 30],
      ['as many seconds as the options say', { cacheTtl: 5 }, 5],
      ['longer than JWTs, if the options say so', { cacheTtl: 120 }, 120],
    ])('for %s: a revoked token is rejected afterwards', async (_, more, ttl) => {
      await start([introspecting(issuer, more)]);
      const token = tested.endpoint.issue(RESOURCE);
      expect(await status(token)).toBe(200);
      tested.endpoint.revoke(token);
      elapsed = (ttl - 1) * 1000;
      expect([await status(token), tested.endpoint.count]).toEqual([200, 1]);
      elapsed = (ttl + 1) * 1000;
      expect([await status(token), tested.endpoint.count]).toEqual([401, 2]);
    });

    it('no longer than the token is valid', async () => {
      await start();
      const token = tested.endpoint.issue(RESOURCE, { exp: seconds() + 20 });
      await status(token);
      tested.endpoint.revoke(token);
      elapsed = 10_000;
      expect(await status(token)).toBe(200);
      elapsed = 21_000;
      expect([await status(token), tested.endpoint.count]).toEqual([401, 2]);
    });

    it('no longer than maxTokenAge allows', async () => {
      await start([introspecting(issuer)], { jwt: { maxTokenAge: 10, clockTolerance: 0 } });
      const token = tested.endpoint.issue(RESOURCE);
      await status(token);
      elapsed = 11_000;
      expect([await status(token), tested.endpoint.count]).toEqual([401, 2]);
    });

    it.each<[string, Partial<IntrospectionOptions>, Partial<McpAuthModuleOptions>]>([
      ['cacheTtl: 0', { cacheTtl: 0 }, {}],
      ['tokenCache: false', {}, { tokenCache: false }],
    ])('not at all with %s', async (_, more, module) => {
      await start([introspecting(issuer, more)], {}, module);
      const token = tested.endpoint.issue(RESOURCE);
      expect(await status(token)).toBe(200);
      tested.endpoint.revoke(token);
      expect(await status(token)).toBe(401);
    });

    it('once for all requests that come while an introspection is in flight', async () => {
      await start();
      const token = tested.endpoint.issue(RESOURCE);
      const statuses = await Promise.all(Array.from({ length: 20 }, () => status(token)));
      expect([new Set(statuses), tested.endpoint.count]).toEqual([new Set([200]), 1]);
    });

    it('not even of an in-flight request with cacheTtl: 0', async () => {
      await start([introspecting(issuer, { cacheTtl: 0 })]);
      let open: (value?: unknown) => void = () => undefined;
      tested.endpoint.gate = new Promise((resolve) => (open = resolve));
      const token = tested.endpoint.issue(RESOURCE);
      const first = status(token);
      await issuer.arrived('/introspect', 1);
      const second = status(token);
      // When a later request has its answer, the second request has reached the guard.
      expect(await status('', '/notes')).toBe(400);
      open();
      expect([await first, await second, tested.endpoint.count]).toEqual([200, 200, 2]);
    });

    it('not for a token that is not active', async () => {
      await start();
      const token = tested.endpoint.issue(RESOURCE, { active: false });
      expect(await status(token)).toBe(401);
      tested.endpoint.issue(RESOURCE, {}, token);
      expect(await status(token)).toBe(200);
    });

    it('under keys that do not contain the token', async () => {
      const { TokenCache } = await import('../../lib/verification/token-cache.js');
      await start();
      const tokens = [tested.endpoint.issue(RESOURCE), await issuer.mint({ audience: RESOURCE })];
      expect(await Promise.all(tokens.map((token) => status(token)))).toEqual([200, 200]);
      const { entries } = tested.app.get<{ entries: Map<{ key: string }, unknown> }>(TokenCache);
      const keys = [...entries.keys()].map(({ key }) => key);
      expect(keys.map((key) => key.length)).toEqual([43, 43]);
      expect(tokens.filter((token) => keys.some((key) => key.includes(token)))).toEqual([]);
    });

    it('within bounds, however large the results are', async () => {
      await start(undefined, {}, { tokenCache: { max: 2 } });
      const large = tested.endpoint.issue(RESOURCE, { padding: 'x'.repeat(5000) });
      const small = tested.endpoint.issue(RESOURCE);
      for (const token of [large, large, small, small]) {
        expect(await status(token)).toBe(200);
      }
      expect(tested.endpoint.count).toBe(3);
    });

    it('of a bound token, but requires proof of possession with each request', async () => {
      await start(undefined, { dpop: 'accepted' });
      const key = await DpopKey.make();
      const token = tested.endpoint.issue(RESOURCE, { ...DPOP, cnf: { jkt: key.jkt } });
      const { headers } = bearer(token);
      const call = async (proof: string) => {
        const authorization = headers.authorization.replace('Bearer', 'DPoP');
        return fetch(`${tested.url}/notes`, { headers: { authorization, dpop: proof } });
      };
      const proof = await key.proof(token);
      expect((await call(proof)).status).toBe(200);
      expect((await call(proof)).status).toBe(401);
      expect((await call(await (await DpopKey.make()).proof(token))).status).toBe(401);
      expect(await status(token)).toBe(401);
      expect((await call(await key.proof(token))).status).toBe(200);
      expect(tested.endpoint.count).toBe(1);
    });

    it('that are frozen', async () => {
      await start();
      const token = tested.endpoint.issue(RESOURCE, { nested: { list: [1] } });
      const resource = tested.app.get(ProtectedResourceRegistry).get(RESOURCE) ?? fail();
      const { claims } = await tested.app.get(AccessTokenVerifier).verify(token, resource);
      expect(Object.isFrozen((claims.nested as { list: number[] }).list)).toBe(true);
    });
  });
});

function fail(): never {
  throw new Error('It is not there.');
}
