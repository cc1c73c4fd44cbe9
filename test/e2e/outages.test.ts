import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, Logger } from '@nestjs/common';
import type { McpAuthModuleOptions } from 'nestjs-mcp-auth';
import { adapters, bearer, oneResource, RESOURCE, startApp, stopApps } from '../support/app.js';
import { badAnswers } from '../support/faults.js';
import { Issuer } from '../support/issuer.js';
import { useIssuer } from '../support/serve.js';

const SECOND = 1000;
/** The longest time after an outage until good tokens are accepted. */
const BOUND = 6 * SECOND;
/** The milliseconds after which a fetch fails. They are enough for an answer from a busy machine. */
const TIMEOUT = 500;
const METADATA = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'];

@Controller('notes')
class NotesController {
  @Get(['', ':tenant']) get() {
    return {};
  }
}

type Outage = (issuer: Issuer) => Promise<void>;
const answering =
  (fault: string): Outage =>
  async (issuer) =>
    [...METADATA, '/jwks'].forEach((path) => issuer.answer(path, badAnswers[fault]));
const outages: [string, Outage][] = [
  ['refuses connections', (issuer) => issuer.down()],
  ...[
    'hangs before its headers',
    'closes without an answer',
    'speaks something else than HTTP',
    'answers 503',
    'sends HTML with 200',
  ].map((fault): [string, Outage] => [fault, answering(fault)]),
];

/**
 * Returns the durations of an outage in seconds. Outages with hanging servers are shorter, because each attempt
 * takes real time.
 */
const durations = (kind: string) => (kind.startsWith('hangs') ? [3] : [1, 10]);

describe.each(adapters)('an outage, on %s', (adapter) => {
  const issuer = useIssuer({ per: 'test' });
  let url: string;
  let elapsed: number;
  let callers = 0;

  beforeEach(() => {
    elapsed = 0;
    const now = performance.now.bind(performance);
    jest.spyOn(performance, 'now').mockImplementation(() => now() + elapsed);
    jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  const start = async (options: McpAuthModuleOptions = oneResource(issuer.url)) => {
    ({ url } = await startApp({
      adapter,
      options: { fetchTimeout: TIMEOUT, ...options },
      controllers: [NotesController],
    }));
  };

  const call = async (header = {}) => {
    const claims = { sub: `user-${callers++}` };
    const token = await issuer.mint({ audience: RESOURCE, claims, header });
    return fetch(`${url}/notes`, bearer(token));
  };

  const recover = async () => {
    [...METADATA, '/jwks'].forEach((path) => issuer.answer(path, undefined));
    await issuer.down();
    await issuer.up();
  };

  /** Returns the time until a good token is accepted, in milliseconds of the clock that the test moves. */
  const recovery = async () => {
    const since = elapsed;
    while ((await call()).status !== 200) {
      elapsed += SECOND / 4;
    }
    return elapsed - since;
  };

  /** Sends good tokens during an outage. Checks the answers, and the number of requests for each document. */
  const endure = async (seconds: number, kid: string | undefined) => {
    for (const end = elapsed + seconds * SECOND; elapsed < end; elapsed += SECOND / 2) {
      const response = await call(kid === undefined ? {} : { kid });
      expect(response.status).toBe(503);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    for (const path of [...METADATA, '/jwks']) {
      expect(issuer.count(path)).toBeLessThanOrEqual(seconds + 2);
    }
  };

  it.each(outages)(
    'of a server that %s: requests succeed within the bound after the outage, at a cold start',
    async (kind, fail) => {
      await start();
      for (const seconds of durations(kind)) {
        await fail(issuer);
        await endure(seconds, undefined);
        await recover();
        expect(await recovery()).toBeLessThanOrEqual(BOUND);
        await stopApps();
        issuer.requests.length = 0;
        await start();
      }
    },
  );

  it.each(outages)(
    'of a server that %s: requests with a new key succeed within the bound after the outage',
    async (kind, fail) => {
      await start();
      expect((await call()).status).toBe(200);
      for (const seconds of durations(kind)) {
        await fail(issuer);
        await endure(seconds, 'unknown');
        await issuer.rotate();
        await recover();
        expect(await recovery()).toBeLessThanOrEqual(BOUND);
        issuer.requests.length = 0;
      }
    },
  );

  it('of the JWK Set only: requests succeed within the bound after the outage', async () => {
    await start();
    issuer.answer('/jwks', badAnswers['answers 503']);
    await endure(10, undefined);
    await recover();
    expect(await recovery()).toBeLessThanOrEqual(BOUND);
  });

  it('of an application function: requests succeed within the bound after the outage', async () => {
    let isFailing = true;
    const resource = `${RESOURCE}/{tenant}`;
    await start({
      protectedResources: {
        metadata: { resource, authorizationServers: [issuer.url] },
        tenants: () => {
          if (isFailing) {
            throw new Error('no database');
          }
          return true;
        },
      },
    });
    const statusOf = async (tenant: string) => {
      const token = await issuer.mint({ audience: `${RESOURCE}/${tenant}` });
      return (await fetch(`${url}/notes/${tenant}`, bearer(token))).status;
    };
    for (; elapsed < 2 * SECOND; elapsed += 100) {
      const names = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}-${elapsed}`);
      const statuses = await Promise.all(names.map(statusOf));
      expect(statuses.every((status) => status === 500 || status === 503)).toBe(true);
    }
    isFailing = false;
    const since = elapsed;
    while ((await statusOf('acme')) !== 200) {
      elapsed += SECOND / 4;
    }
    expect(elapsed - since).toBeLessThanOrEqual(BOUND);
  });
});
