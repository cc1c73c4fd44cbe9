import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { McpAuthEvents } from '../../../../lib/events/mcp-auth-events.js';
import { Logger } from '@nestjs/common';
import { AuthorizationServerMetadataService, type ProtectedResourceOptions } from 'nestjs-mcp-auth';
import { AuthorizationServerRegistry } from '../../../../lib/authorization-server/authorization-server-registry.js';
import { JwkSetService } from '../../../../lib/authorization-server/jwk-set/jwk-set.service.js';
import { JwtTokenVerifier } from '../../../../lib/verification/jwt/jwt-token-verifier.js';
import { resolveProtectedResource } from '../../../../lib/protected-resource/resolve-protected-resource.js';
import { RESOURCE } from '../../../support/app.js';
import { Issuer, type MintOptions } from '../../../support/issuer.js';

const OTHER_RESOURCE = 'https://other.example.com/mcp';

function resourceOf(issuers: Issuer[]): ProtectedResourceOptions {
  const authorizationServers = issuers.map(({ url }) => url) as [string];
  return { metadata: { resource: RESOURCE, authorizationServers } };
}

function verifying(first: ProtectedResourceOptions, second = first) {
  const servers = new AuthorizationServerRegistry(
    { protectedResources: [first, second] },
    new McpAuthEvents(),
  );
  const jwkSets = new JwkSetService(new AuthorizationServerMetadataService(servers), servers);
  const verifier = new JwtTokenVerifier(servers, jwkSets);
  const verifyAt = (resource: ProtectedResourceOptions) => {
    const context = resolveProtectedResource(resource);
    return (token: string) => verifier.verify(token, context);
  };
  return { jwkSets, verify: verifyAt(first), verifyAtSecond: verifyAt(second) };
}

describe('the cached header of a verified token', () => {
  let issuer: Issuer;
  let other: Issuer;
  const mint = (options: MintOptions = {}, by = issuer) =>
    by.mint({ audience: RESOURCE, ...options });

  beforeEach(async () => {
    Logger.overrideLogger(false);
    issuer = await Issuer.start();
    other = await Issuer.start();
    other.kid = issuer.kid;
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await issuer.down();
    await other.down();
  });

  it('saves the key look-up for the next token with the same header', async () => {
    const { jwkSets, verify } = verifying(resourceOf([issuer]));
    const lookUps = jest.spyOn(jwkSets, 'get');
    await verify(await mint());
    await verify(await mint({ claims: { sub: 'bob' } }));
    expect(lookUps).toHaveBeenCalledTimes(1);
  });

  it('is cached separately for each key and type', async () => {
    const { jwkSets, verify } = verifying(resourceOf([issuer]));
    const lookUps = jest.spyOn(jwkSets, 'get');
    for (const typ of ['at+jwt', 'JWT', 'at+jwt', 'JWT']) {
      await verify(await mint({ header: { typ } }));
    }
    expect(lookUps).toHaveBeenCalledTimes(2);
  });

  it('is not used if several issuers may have signed the token', async () => {
    const { jwkSets, verify } = verifying(resourceOf([issuer, other]));
    const lookUps = jest.spyOn(jwkSets, 'get');
    await verify(await mint());
    await verify(await mint());
    expect(lookUps).toHaveBeenCalledTimes(2);
  });

  it('does not make a token valid that another key has signed', async () => {
    const { verify } = verifying(resourceOf([issuer]));
    await verify(await mint());
    const forged = await mint({ key: other.privateKey });
    await expect(verify(forged)).rejects.toMatchObject({ reason: 'signature' });
  });

  it.each<[string, MintOptions, string]>([
    ['names another issuer', { claims: { iss: 'https://other.example.com' } }, 'issuer'],
    ['is meant for another resource', { audience: OTHER_RESOURCE }, 'audience'],
    ['has expired', { claims: { exp: 1 } }, 'expired'],
    ['does not expire', { claims: { exp: undefined } }, 'claim'],
  ])('does not make a token valid that %s', async (_what, wrong, reason) => {
    const { verify } = verifying(resourceOf([issuer]));
    await verify(await mint());
    await expect(verify(await mint(wrong))).rejects.toMatchObject({ reason });
  });

  it('does not change the reason why a forged token of another issuer is rejected', async () => {
    const { verify } = verifying(resourceOf([issuer]));
    const forged = await mint({ claims: { iss: other.url }, key: other.privateKey });
    await expect(verify(forged)).rejects.toMatchObject({ reason: 'issuer' });
    await verify(await mint());
    await expect(verify(forged)).rejects.toMatchObject({ reason: 'issuer' });
  });

  it('is not used once its key is replaced under the same kid', async () => {
    const { verify } = verifying(resourceOf([issuer]));
    await verify(await mint());
    await issuer.rotate(issuer.kid);
    await expect(verify(await mint())).resolves.toMatchObject({ issuer: issuer.url });
    await expect(verify(await mint())).resolves.toMatchObject({ issuer: issuer.url });
  });

  it('is not used for another issuer', async () => {
    const { verify } = verifying(resourceOf([issuer, other]));
    await verify(await mint());
    await verify(await mint({}, other));
    const stolen = await mint({ claims: { iss: other.url } });
    await expect(verify(stolen)).rejects.toMatchObject({ reason: 'signature' });
  });

  it('does not make a token valid at a resource that requires another typ', async () => {
    const metadata = { resource: OTHER_RESOURCE, authorizationServers: [issuer.url] as [string] };
    const { verify, verifyAtSecond } = verifying(resourceOf([issuer]), {
      metadata,
      jwt: { typ: ['token+jwt'] },
    });
    const token = await mint({ audience: [RESOURCE, OTHER_RESOURCE] });
    await verify(token);
    await expect(verifyAtSecond(token)).rejects.toMatchObject({ reason: 'type' });
  });

  it('is not used once its key is no longer published', async () => {
    const { verify } = verifying(resourceOf([issuer]));
    const token = await mint();
    await verify(token);
    await issuer.rotate('second');
    await verify(await mint());
    await expect(verify(token)).rejects.toMatchObject({ reason: 'signature' });
  });

  it('is one of at most ten cached headers of an issuer', async () => {
    const { jwkSets, verify } = verifying(resourceOf([issuer]));
    const lookUps = jest.spyOn(jwkSets, 'get');
    const first = await mint();
    await verify(first);
    for (let number = 0; number < 10; number++) {
      await verify(await mint({ header: { number } }));
    }
    expect(lookUps).toHaveBeenCalledTimes(11);
    await verify(first);
    expect(lookUps).toHaveBeenCalledTimes(12);
  });
});
