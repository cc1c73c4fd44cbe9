import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import type { INestApplication, LoggerService } from '@nestjs/common';
import { AccessTokenVerifier, ProtectedResourceRegistry } from 'nestjs-mcp-auth';
import { adapters, stopApps } from '../support/app.js';
import { corpus } from './corpus.js';
import { startApplication, type Variant } from './support/application.js';
import { Laboratory } from './support/laboratory.js';
import { NOTES } from './support/places.js';
import { assertServes, attack, leaksOf, withoutTime } from './support/run.js';
import { Wire } from './support/wire.js';

const attacks = Object.values(corpus).flat();
const variants: (Variant & { cache: string })[] = adapters.flatMap((adapter) => [
  { adapter, tokenCache: {}, cache: 'with the token cache' },
  { adapter, tokenCache: false, cache: 'without the token cache' },
]);

describe('the corpus of attacks', () => {
  it('holds at least 150 attacks, each with a unique name, a rule and its source', () => {
    expect(attacks.length).toBeGreaterThanOrEqual(150);
    expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length);
    for (const { rule, reference } of attacks) {
      expect(rule).not.toBe('');
      expect(reference).toMatch(/RFC \d{4}|OAuth 2\.1|MCP|JSON-RPC|CWE-|Fetch standard|OWASP/);
    }
  });

  it('expects no server error except three 503', () => {
    const answers = attacks.flatMap(({ answer }) =>
      'status' in answer ? [answer] : Object.values(answer),
    );
    expect(answers.map(({ status }) => status).filter((status) => status >= 500)).toEqual([
      503, 503, 503,
    ]);
  });
});

describe.each(variants)('the application on $adapter, $cache,', (variant) => {
  const logged: unknown[] = [];
  const write = (...line: unknown[]) => void logged.push(line);
  const logger: LoggerService = {
    log: write,
    error: write,
    warn: write,
    debug: write,
    verbose: write,
    fatal: write,
  };
  const wire = new Wire();
  let lab: Laboratory;
  let app: INestApplication;

  beforeAll(async () => {
    lab = await Laboratory.open();
    ({ app, url: lab.url } = await startApplication(lab, variant, logger));
  });

  afterAll(async () => {
    wire.close();
    await stopApps();
    await lab.close();
  });

  describe.each(Object.entries(corpus))('withstands by %s:', (_, table) => {
    it.each(table)('$name: $rule', async (row) => {
      await attack(row, lab, wire, variant);
    });
  });

  it('answers an unknown key in the same way as a wrong signature', async () => {
    const forged = [
      lab.forge({ header: { kid: 'unknown' } }),
      lab.forge({ sign: () => Buffer.alloc(64, 1) }),
      lab.forge({ sign: () => '' }),
      lab.forge({ header: { alg: 'RS256', kid: 'rsa' } }),
    ];
    const answers = await Promise.all(
      forged.map((token) => wire.send(lab.url, { path: '/notes', token })),
    );
    const [first, ...others] = answers.map(withoutTime);
    expect(first).toMatchObject({ status: 401 });
    for (const other of others) {
      expect(other).toEqual(first);
    }
  });

  it('rejects a token that is too long for a header, also when called directly', async () => {
    const token = lab.forge({ claims: { padding: 'x'.repeat(15_000) } });
    const resource = app.get(ProtectedResourceRegistry).get(NOTES.resource);
    const verify = async () => resource && app.get(AccessTokenVerifier).verify(token, resource);
    await expect(verify()).rejects.toMatchObject({ reason: 'malformed' });
  });

  it('fetched nothing from URLs of the attacker', () => {
    expect(lab.stranger.requests).toEqual([]);
  });

  it('logged no token', () => {
    expect(logged.length).toBeGreaterThan(0);
    expect(
      leaksOf(
        logged
          .flat()
          .map((line) => inspect(line, { depth: null, showHidden: true }))
          .join('\n'),
        lab,
      ),
    ).toEqual([]);
  });

  it('still accepts a good token', async () => {
    await assertServes(lab, wire);
    const other = lab.forge({ claims: { jti: 'another' } });
    expect((await wire.send(lab.url, { path: '/notes', token: other })).status).toBe(200);
  });
});
