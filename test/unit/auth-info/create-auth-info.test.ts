import { setFlagsFromString } from 'node:v8';
import { describe, expect, it, jest } from '@jest/globals';
import { acceptingResource, oncePerCaller } from '../../../lib/auth-info/caller-internals.js';
import { createAuthInfo } from '../../../lib/auth-info/create-auth-info.js';
import type { ProtectedResource } from '../../../lib/protected-resource/protected-resource.js';

const at = (resource: string) =>
  createAuthInfo(
    'token',
    { issuer: 'https://auth.example.com', subject: 'alice', scopes: ['read:notes'], claims: {} },
    { resource, metadataUrl: `${resource}/metadata` } as ProtectedResource,
  );

describe('createAuthInfo()', () => {
  const one = at('https://api.example.com/one');
  const two = at('https://api.example.com/two');

  it('sets the resource that accepted the token, as a new URL each time it is read', () => {
    expect(one.resource.href).toBe('https://api.example.com/one');
    expect(two.resource.href).toBe('https://api.example.com/two');
    expect(one.resource).not.toBe(one.resource);
  });

  it('sets the resource also for a proxy, an object that inherits from AuthInfo and a copy', () => {
    const proxy = new Proxy(one, {
      get: (target, name, self) => Reflect.get(target, name, self) as unknown,
    });
    const heir = Object.create(one) as typeof one;
    for (const caller of [proxy, heir, { ...one }]) {
      expect(caller.resource).toEqual(one.resource);
    }
  });

  it('lets values be cached per caller, although AuthInfo is frozen', () => {
    // Node 26 can refuse to add private fields to a frozen object.
    if (Number(process.versions.node.split('.')[0]) >= 26) {
      setFlagsFromString('--js-nonextensible-applies-to-private');
    }
    const caller = at('https://api.example.com/notes');
    const keys = Reflect.ownKeys(caller);
    const added = jest.spyOn(Object, 'defineProperty');
    let times = 0;
    const count = oncePerCaller(() => ++times);
    expect([count(caller), count(caller), count({ ...caller })]).toEqual([1, 1, 2]);
    expect(Object.isFrozen(caller)).toBe(true);
    expect(Reflect.ownKeys(caller)).toEqual(keys);
    expect(added).not.toHaveBeenCalled();
    added.mockRestore();
    expect(acceptingResource(caller)?.resource).toBe('https://api.example.com/notes');
  });

  it('does not pass cached values to an object that inherits from AuthInfo', () => {
    const scopes = oncePerCaller((caller) => caller.scopes);
    const heir = Object.create(one, { scopes: { value: ['other'] } }) as typeof one;
    expect([scopes(one), scopes(heir)]).toEqual([['read:notes'], ['other']]);
    expect(acceptingResource(heir)).toBeUndefined();
  });

  it('serializes and copies AuthInfo without the token', () => {
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
});
