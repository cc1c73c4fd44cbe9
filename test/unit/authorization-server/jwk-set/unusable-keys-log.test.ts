import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { sortKeys } from '../../../../lib/token/signature-keys.js';
import { UnusableKeysLog } from '../../../../lib/authorization-server/jwk-set/unusable-keys-log.js';

const ec = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' };
const encryption = { ...ec, kid: 'enc', use: 'enc' };
const server = { issuer: 'https://auth.example.com' } as never;
const WHOSE =
  'Keys in the JWK Set of the authorization server https://auth.example.com are not used: ';

let told: [string, string][];
let log: UnusableKeysLog;

beforeEach(() => {
  told = [];
  log = new UnusableKeysLog();
  for (const level of ['warn', 'debug'] as const) {
    jest.spyOn(Logger.prototype, level).mockImplementation((text: string) => {
      told.push([level, text.replace(WHOSE, '')]);
    });
  }
});

afterEach(() => {
  jest.restoreAllMocks();
});

const report = (...keys: unknown[]) => log.report(server, sortKeys({ keys }));

describe('the log of unusable keys', () => {
  it('reports them once, and again when they change', () => {
    const symmetric = { kty: 'oct', k: 'c2VjcmV0', kid: 'a"\n' };
    report(ec, symmetric, encryption);
    report(ec, symmetric, encryption);
    const first = '"a\\"\\n" is private or symmetric, but only public keys may be in a JWK Set';
    const end = 'Tokens signed with these keys are rejected.';
    expect(told).toEqual([['warn', `${first}. ${end}`]]);
    report(ec, symmetric, 7);
    expect(told.slice(1)).toEqual([
      ['warn', `${first}; a key without a usable "kid" is not an object. ${end}`],
    ]);
  });

  it('reports keys for other purposes at debug only', () => {
    report(ec, encryption);
    expect(told).toEqual([['debug', '"enc" is not for signatures ("use", "key_ops").']]);
  });

  it('warns if no usable key is left', () => {
    report(encryption);
    expect(told).toEqual([
      [
        'warn',
        '"enc" is not for signatures ("use", "key_ops"). No key is left, so every JWT of this server is rejected.',
      ],
    ]);
  });

  it('reports the same keys again, as a warning, when the last usable key disappears', () => {
    report(ec, encryption);
    report(encryption);
    report(ec, encryption);
    expect(told.map(([level]) => level)).toEqual(['debug', 'warn', 'debug']);
  });

  it('names at most five keys, with the first 100 characters of their kid', () => {
    report(
      ec,
      ...Array.from({ length: 200 }, (_, n) => ({ ...ec, kty: 'X', kid: 'k'.repeat(n * 100) })),
    );
    expect(told[0]?.[1].match(/"k*" is of a type/g)?.map(({ length }) => length)).toEqual([
      15, 115, 115, 115, 115,
    ]);
    expect(told[0]?.[1]).toContain('; 195 more. Tokens');
  });

  it('reports nothing if all keys are usable', () => {
    report(ec);
    report();
    expect(told).toEqual([]);
  });
});
