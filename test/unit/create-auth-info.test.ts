import { setFlagsFromString } from 'node:v8';
import { describe, expect, it } from '@jest/globals';
import { createAuthInfo } from '../../lib/auth-info/create-auth-info.js';
import type { ProtectedResource } from '../../lib/protected-resource/protected-resource.js';

const at = (resource: string) =>
  createAuthInfo(
    'token',
    { issuer: 'https://auth.example.com', subject: 'alice', scopes: ['read:notes'], claims: {} },
    { resource, metadataUrl: `${resource}/metadata` } as ProtectedResource,
  );

/** Whether V8 finds the members of both at the same places. */
function haveSameMap(one: object, other: object): boolean {
  setFlagsFromString('--allow-natives-syntax');
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- no other way to ask
  const ask = new Function('one', 'other', 'return %HaveSameMap(one, other)');
  return (ask as (...objects: object[]) => boolean)(one, other);
}

describe('a caller', () => {
  const one = at('https://api.example.com/one');
  const two = at('https://api.example.com/two');

  it('is told the resource that accepted the token, by a URL of its own', () => {
    expect(one.resource.href).toBe('https://api.example.com/one');
    expect(two.resource.href).toBe('https://api.example.com/two');
    expect(one.resource).not.toBe(one.resource);
  });

  it('has it in a proxy, an heir and a copy, too', () => {
    const proxy = new Proxy(one, {
      get: (target, name, self) => Reflect.get(target, name, self) as unknown,
    });
    const heir = Object.create(one) as typeof one;
    for (const caller of [proxy, heir, { ...one }]) {
      expect(caller.resource).toEqual(one.resource);
    }
  });

  it('shows nothing but its members', () => {
    expect(JSON.parse(JSON.stringify(one))).toEqual({
      issuer: 'https://auth.example.com',
      subject: 'alice',
      clientId: '',
      scopes: ['read:notes'],
      resourceMetadataUrl: 'https://api.example.com/one/metadata',
      claims: {},
      extra: {},
      resource: 'https://api.example.com/one',
    });
    expect(Object.keys(one)).not.toContain('token');
    expect({ ...one }).not.toHaveProperty('token');
  });

  it('is read as fast among a thousand resources as at one', () => {
    // V8 learns from the first few what the members hold.
    const [next, last] = [...Array(5).keys()]
      .map((n) => at(`https://api.example.com/${n}`))
      .slice(3);
    expect(haveSameMap(next as object, last as object)).toBe(true);
  });
});
