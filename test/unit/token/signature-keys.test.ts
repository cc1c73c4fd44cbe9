import { describe, expect, it } from '@jest/globals';
import { sortKeys } from '../../../lib/token/signature-keys.js';

const ec = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' };
const rsa = (modulus: Buffer) => ({ kty: 'RSA', e: 'AQAB', n: modulus.toString('base64url') });
const bytes = (count: number, first = 0xff) =>
  Buffer.concat([Buffer.of(first), Buffer.alloc(count - 1, 1)]);

const usable = (...keys: unknown[]) => sortKeys({ keys }).usable.keys;

describe('the usable keys of a JWK Set', () => {
  it.each<[string, Record<string, unknown>]>([
    ['an elliptic curve', ec],
    ['an Edwards curve', { kty: 'OKP', crv: 'Ed25519', x: 'x' }],
    ['RSA with 2048 bits', rsa(bytes(256))],
    ['RSA with 8192 bits', rsa(bytes(1024))],
    ['RSA whose modulus begins with zeros', rsa(Buffer.concat([Buffer.alloc(4), bytes(256)]))],
    ['a key for signatures', { ...ec, use: 'sig' }],
    ['a key with a kid of 2048 characters', { ...ec, kid: 'k'.repeat(2048) }],
    ['a key with an algorithm', { ...ec, alg: 'ES256' }],
  ])('include, unchanged, %s', (_, key) => {
    expect(usable(key)).toStrictEqual([key]);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a string', 'EC'],
    ['a key without kty', { crv: 'P-256', x: 'x', y: 'y' }],
    ['a key of an unknown kty', { ...ec, kty: 'AKP' }],
    ['a key of an unknown kty with a modulus', { ...rsa(bytes(256)), kty: 'AKP' }],
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0' }],
    ['an elliptic curve with a symmetric secret', { ...ec, k: 'c2VjcmV0' }],
    ['a private key', { ...ec, d: 'ZA' }],
    ['a private key with p only', { ...rsa(bytes(256)), p: 'cA' }],
    ['a private key with q only', { ...rsa(bytes(256)), q: 'cQ' }],
    ['RSA with less than 2048 bits', rsa(bytes(255))],
    [
      'RSA with 2048 bits of which the first 8 are zeros',
      rsa(Buffer.concat([Buffer.alloc(1), bytes(255)])),
    ],
    ['RSA with more than 8192 bits', rsa(bytes(1025))],
    ['RSA with nothing but zeros', rsa(Buffer.alloc(256))],
    ['RSA without a modulus', { kty: 'RSA', e: 'AQAB' }],
    ['a key for encryption', { ...ec, use: 'enc' }],
    ['a key with key_ops ["sign"] only', { ...ec, key_ops: ['sign'] }],
    ['a key whose key_ops is not an array', { ...ec, key_ops: 'verify' }],
    ['a key whose kid is not a string', { ...ec, kid: 1 }],
    ['a key whose alg is not a string', { ...ec, alg: 256 }],
    ['a private key whose p is null', { ...ec, d: 'ZA', p: null }],
    ['a key with a kid of 2049 characters', { ...ec, kid: 'k'.repeat(2049) }],
    ['a key with a member of a million characters', { ...ec, x: 'x'.repeat(1_000_000) }],
  ])('leave out %s', (_, key) => {
    expect(usable(key, ec)).toEqual([ec]);
  });

  it('have only the members that verification needs', () => {
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

  it('treat members that are null as absent', () => {
    const nulls = Object.fromEntries(
      ['kid', 'use', 'alg', 'key_ops', 'n', 'e', 'd', 'p', 'q', 'k', 'x5c'].map((name) => [
        name,
        null,
      ]),
    );
    expect(usable({ ...nulls, ...ec })).toStrictEqual([ec]);
  });

  it('leave out keys with a reason for each, which tells keys for other purposes from wrong keys', () => {
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
        why: 'is private or symmetric, but only public keys may be in a JWK Set',
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

  it('are at most a hundred', () => {
    const keys = [...Array(101).keys()].map((n) => ({ ...ec, kid: String(n) }));
    expect(usable({ kty: 'oct' }, ...keys)).toEqual(keys.slice(0, 100));
    const why = 'comes after 100 other keys that can be used';
    expect(sortKeys({ keys }).unusable).toEqual([{ kid: '100', why, isForOtherPurpose: false }]);
  });
});
