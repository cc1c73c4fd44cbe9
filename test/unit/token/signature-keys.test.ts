import { describe, expect, it } from '@jest/globals';
import { sortKeys } from '../../../lib/token/signature-keys.js';

const ec = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' };
const rsa = (modulus: Buffer) => ({ kty: 'RSA', e: 'AQAB', n: modulus.toString('base64url') });
const bytes = (count: number, first = 0xff) =>
  Buffer.concat([Buffer.of(first), Buffer.alloc(count - 1, 1)]);

const usable = (...keys: unknown[]) => sortKeys({ keys }).usable.keys;

describe('of a JWK Set', () => {
  it.each<[string, Record<string, unknown>]>([
    ['an elliptic curve', ec],
    ['an Edwards curve', { kty: 'OKP', crv: 'Ed25519', x: 'x' }],
    ['RSA with 2048 bits', rsa(bytes(256))],
    ['RSA with 8192 bits', rsa(bytes(1024))],
    ['RSA whose modulus begins with zeros', rsa(Buffer.concat([Buffer.alloc(4), bytes(256)]))],
    ['a key for signatures', { ...ec, use: 'sig' }],
    ['a key with an identifier of 2048 characters', { ...ec, kid: 'k'.repeat(2048) }],
    ['a key with an algorithm', { ...ec, alg: 'ES256' }],
  ])('%s is kept as it is', (_, key) => {
    expect(usable(key)).toStrictEqual([key]);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a string', 'EC'],
    ['a key without a type', { crv: 'P-256', x: 'x', y: 'y' }],
    ['a key of an unknown type', { ...ec, kty: 'AKP' }],
    ['a key of an unknown type with a modulus', { ...rsa(bytes(256)), kty: 'AKP' }],
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0' }],
    ['an elliptic curve with a symmetric secret', { ...ec, k: 'c2VjcmV0' }],
    ['a private key', { ...ec, d: 'ZA' }],
    ['a private key by its first prime', { ...rsa(bytes(256)), p: 'cA' }],
    ['a private key by its second prime', { ...rsa(bytes(256)), q: 'cQ' }],
    ['RSA with less than 2048 bits', rsa(bytes(255))],
    ['RSA with 2048 bits, zeros included', rsa(Buffer.concat([Buffer.alloc(1), bytes(255)]))],
    ['RSA with more than 8192 bits', rsa(bytes(1025))],
    ['RSA with nothing but zeros', rsa(Buffer.alloc(256))],
    ['RSA without a modulus', { kty: 'RSA', e: 'AQAB' }],
    ['a key for encryption', { ...ec, use: 'enc' }],
    ['a key to sign with only', { ...ec, key_ops: ['sign'] }],
    ['a key whose operations are no list', { ...ec, key_ops: 'verify' }],
    ['a key whose identifier is no string', { ...ec, kid: 1 }],
    ['a key whose algorithm is no string', { ...ec, alg: 256 }],
    ['a private key, the other members of which are null', { ...ec, d: 'ZA', p: null }],
    ['a key with an identifier that is longer', { ...ec, kid: 'k'.repeat(2049) }],
    ['a key with a member without end', { ...ec, x: 'x'.repeat(1_000_000) }],
  ])('%s is left out', (_, key) => {
    expect(usable(key, ec)).toEqual([ec]);
  });

  it('what verification does not need is left out of a key', () => {
    expect(
      usable({
        ...ec,
        kid: '1',
        key_ops: ['sign', 'verify'],
        x5c: ['…'],
        x5u: 'https://x',
        ext: true,
      }),
    ).toEqual([{ ...ec, kid: '1' }]);
  });

  it('a member that is null is as good as absent', () => {
    const nulls = Object.fromEntries(
      ['kid', 'use', 'alg', 'key_ops', 'n', 'e', 'd', 'p', 'q', 'k', 'x5c'].map((name) => [
        name,
        null,
      ]),
    );
    expect(usable({ ...nulls, ...ec })).toStrictEqual([ec]);
  });

  it('every key that is left out has a reason, and those for other purposes are fine', () => {
    const { unusable } = sortKeys({
      keys: [
        ec,
        { ...ec, kid: 'e', use: 'enc' },
        { ...ec, kid: 's', key_ops: ['sign'] },
        { ...ec, kid: 'd', d: 'ZA' },
        { ...ec, kid: 7 },
        { ...rsa(bytes(128)), kid: 'short' },
        { kty: 'AKP' },
        'EC',
      ],
    });
    expect(unusable).toEqual([
      { kid: 'e', why: 'is not for signatures ("use", "key_ops")', isForOtherPurpose: true },
      { kid: 's', why: 'is not for signatures ("use", "key_ops")', isForOtherPurpose: true },
      {
        kid: 'd',
        why: 'is private or symmetric, and so no longer a secret',
        isForOtherPurpose: false,
      },
      {
        kid: undefined,
        why: 'has a "kid" that is not a string of at most 2048 characters',
        isForOtherPurpose: false,
      },
      {
        kid: 'short',
        why: 'is an RSA key with another length than 2048 to 8192 bits',
        isForOtherPurpose: false,
      },
      {
        kid: undefined,
        why: 'is of a type ("kty") other than RSA, EC and OKP',
        isForOtherPurpose: false,
      },
      { kid: undefined, why: 'is not an object', isForOtherPurpose: false },
    ]);
  });

  it('a hundred keys are kept, and not one more', () => {
    const keys = [...Array(101).keys()].map((n) => ({ ...ec, kid: String(n) }));
    expect(usable({ kty: 'oct' }, ...keys)).toEqual(keys.slice(0, 100));
    const why = 'comes after 100 others that can be used';
    expect(sortKeys({ keys }).unusable).toEqual([{ kid: '100', why, isForOtherPurpose: false }]);
  });
});
