import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AuthorizationServerMetadataService } from 'nestjs-mcp-auth';
import {
  AuthorizationServerRegistry,
  type ConfiguredAuthorizationServer,
} from '../../../../lib/authorization-server/authorization-server-registry.js';
import { JwkSetService } from '../../../../lib/authorization-server/jwk-set/jwk-set.service.js';
import { createApp, oneResource, stopApps } from '../../../support/app.js';
import { Issuer, json } from '../../../support/issuer.js';

const MINUTE = 60_000;

let issuer: Issuer;
let server: ConfiguredAuthorizationServer;
let jwkSets: JwkSetService;
let metadata: AuthorizationServerMetadataService;
let elapsed: number;

beforeEach(async () => {
  elapsed = 0;
  const realNow = performance.now.bind(performance);
  jest.spyOn(performance, 'now').mockImplementation(() => realNow() + elapsed);
  issuer = await Issuer.start();
  const app = await createApp({ adapter: 'express', options: oneResource(issuer.url) });
  server = app.get(AuthorizationServerRegistry).get(issuer.url);
  jwkSets = app.get(JwkSetService);
  metadata = app.get(AuthorizationServerMetadataService);
});

afterEach(async () => {
  jest.restoreAllMocks();
  await stopApps();
  await issuer.down();
});

describe('the JWK Set of an issuer', () => {
  it('is the same object as long as its usable keys are the same', async () => {
    const set = await jwkSets.get(server);
    issuer.extraKeys = [{ kty: 'oct', k: 'c2VjcmV0' }];
    expect(await jwkSets.refresh(server)).toBe(set);
    expect(issuer.count('/jwks')).toBe(2);
    await issuer.rotate();
    expect(await jwkSets.refresh(server)).not.toBe(set);
  });

  it('is current until another set replaces it', async () => {
    const set = await jwkSets.get(server);
    expect(jwkSets.current(server)).toBe(set);
    await jwkSets.refresh(server);
    expect(jwkSets.current(server)).toBe(set);
    await issuer.rotate();
    const next = await jwkSets.refresh(server);
    expect(jwkSets.current(server)).not.toBe(set);
    expect(jwkSets.current(server)).toBe(next);
  });

  it('is no longer current once its lifetime is over, until it is fetched again', async () => {
    const set = await jwkSets.get(server);
    elapsed = 11 * MINUTE;
    expect(jwkSets.current(server)).not.toBe(set);
    expect(await jwkSets.get(server)).toBe(set);
    expect(jwkSets.current(server)).toBe(set);
  });

  it('is no longer current once the metadata names another jwks_uri', async () => {
    const set = await jwkSets.get(server);
    issuer.metadata = { jwks_uri: `${issuer.url}/moved` };
    await metadata.refresh(issuer.url);
    expect(jwkSets.current(server)).not.toBe(set);
  });

  it('cannot be fetched if the metadata has no jwks_uri', async () => {
    issuer.metadata = { jwks_uri: undefined };
    await expect(jwkSets.get(server)).rejects.toThrow(
      `The authorization server ${issuer.url} publishes no JWK Set (jwks_uri), so its JWTs cannot be verified.`,
    );
  });

  it.each([{}, { keys: {} }, { keys: null }])('cannot be %j', async (document) => {
    issuer.answer('/jwks', (_, response) => {
      json(response, document);
    });
    await expect(jwkSets.get(server)).rejects.toThrow(`${issuer.url}/jwks is not a JWK Set.`);
  });

  it('is not current before it was fetched', async () => {
    await jwkSets.get(server);
    expect(jwkSets.current({ ...server })).toBeUndefined();
  });
});
