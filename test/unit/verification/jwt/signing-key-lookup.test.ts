import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { errors } from 'jose';
import { AuthorizationServerRegistry } from '../../../../lib/authorization-server/authorization-server-registry.js';
import { JwkSetService } from '../../../../lib/authorization-server/jwk-set/jwk-set.service.js';
import type { JwkSet } from '../../../../lib/token/signature-keys.js';
import { SigningKeyLookup } from '../../../../lib/verification/jwt/signing-key-lookup.js';
import { ProtectedResourceRegistry } from '../../../../lib/protected-resource/protected-resource-registry.js';
import { createApp, oneResource, RESOURCE, stopApps } from '../../../support/app.js';
import { Issuer } from '../../../support/issuer.js';

describe('a key that is not among the cached keys', () => {
  let issuer: Issuer;
  let lookup: SigningKeyLookup;
  let jwkSets: JwkSetService;
  const searches: unknown[] = [];

  /** Returns a set that finds no key, and records each search by this name. */
  const without = (name: string): JwkSet =>
    Object.assign(
      () => {
        searches.push(name);
        return Promise.reject(new errors.JWKSNoMatchingKey());
      },
      { jwks: () => ({ keys: [] }) },
    );
  const find = () => lookup.find({ alg: 'ES256', kid: 'unknown' });

  beforeEach(async () => {
    searches.length = 0;
    issuer = await Issuer.start();
    const app = await createApp({ adapter: 'express', options: oneResource(issuer.url) });
    jwkSets = app.get(JwkSetService);
    const [resource] = app.get(ProtectedResourceRegistry).all;
    const token = await issuer.mint({ audience: RESOURCE });
    const servers = app.get(AuthorizationServerRegistry);
    lookup = new SigningKeyLookup(token, resource as never, servers, jwkSets);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await stopApps();
    await issuer.down();
  });

  it('is not searched again in an unchanged JWK Set', async () => {
    const kept = without('kept');
    jest.spyOn(jwkSets, 'get').mockResolvedValue(kept);
    jest.spyOn(jwkSets, 'refresh').mockResolvedValue(kept);
    await expect(find()).rejects.toBeInstanceOf(errors.JWKSNoMatchingKey);
    expect(searches).toEqual(['kept']);
  });

  it('is searched in a JWK Set that replaced the old set', async () => {
    jest.spyOn(jwkSets, 'get').mockResolvedValue(without('kept'));
    jest.spyOn(jwkSets, 'refresh').mockResolvedValue(without('renewed'));
    await expect(find()).rejects.toBeInstanceOf(errors.JWKSNoMatchingKey);
    expect(searches).toEqual(['kept', 'renewed']);
  });
});
