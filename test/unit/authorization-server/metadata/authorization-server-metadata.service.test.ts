import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { AuthorizationServerMetadataService } from 'nestjs-mcp-auth';
import { createApp, oneResource, RESOURCE, stopApps } from '../../../support/app.js';
import { Issuer } from '../../../support/issuer.js';

let issuer: Issuer;
let metadata: AuthorizationServerMetadataService;
let told: string[];

beforeEach(async () => {
  told = [];
  jest.spyOn(Logger, 'isLevelEnabled').mockReturnValue(true);
  for (const level of ['warn', 'debug'] as const) {
    jest.spyOn(Logger.prototype, level).mockImplementation(function (this: unknown, message) {
      told.push(`${(this as { context?: string }).context} ${level}: ${String(message)}`);
    });
  }
  issuer = await Issuer.start();
  const app = await createApp({ adapter: 'express', options: oneResource(issuer.url) });
  metadata = app.get(AuthorizationServerMetadataService);
  jest.spyOn(Logger, 'isLevelEnabled').mockReturnValue(true);
  told.length = 0;
});

afterEach(async () => {
  jest.restoreAllMocks();
  await stopApps();
  await issuer.down();
});

describe('the metadata of an authorization server', () => {
  it('is available synchronously once it was fetched', async () => {
    expect(metadata.current(issuer.url)).toBeUndefined();
    const fetched = await metadata.get(issuer.url);
    expect(metadata.current(issuer.url)).toBe(fetched);
  });

  it('is not logged if clients find all that they need', async () => {
    await metadata.get(issuer.url);
    expect(told).toEqual([]);
  });

  it('is logged as a warning if clients get no usable token', async () => {
    issuer.metadata = { code_challenge_methods_supported: undefined };
    await metadata.get(issuer.url);
    expect(told).toEqual([
      `McpAuthModule warn: MCP clients get no usable token from ${issuer.url}: PKCE (RFC 7636) is not announced in code_challenge_methods_supported; MCP clients refuse such a server. (pkce_not_supported) The code challenge method "S256" is not among code_challenge_methods_supported. (s256_code_challenge_method_not_supported)`,
    ]);
  });

  it('is logged at debug if it lacks something recommended', async () => {
    issuer.metadata = { authorization_response_iss_parameter_supported: undefined };
    await metadata.get(issuer.url);
    expect(told).toEqual([
      `McpAuthModule debug: About the authorization server ${issuer.url}: Authorization responses do not name their issuer (RFC 9207). The name would protect clients from mix-up attacks. (iss_in_authorization_response_not_supported)`,
    ]);
  });

  it('is logged again when its problems change, not at every renewal', async () => {
    issuer.metadata = { response_types_supported: ['token'] };
    await metadata.get(issuer.url);
    await metadata.refresh(issuer.url);
    expect(told).toHaveLength(1);
    issuer.metadata = { grant_types_supported: ['implicit'] };
    await metadata.refresh(issuer.url);
    expect(told.map((line) => /\((\w+)\)$/.exec(line)?.[1])).toEqual([
      'code_response_type_not_supported',
      'authorization_code_grant_not_supported',
    ]);
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['only issuer and jwksUri', {}, []],
    [
      'what clients need',
      { responseTypesSupported: ['code'], codeChallengeMethodsSupported: ['S256'] },
      [],
    ],
    [
      'no way to log in',
      { codeChallengeMethodsSupported: ['plain'] },
      ['warn s256_code_challenge_method_not_supported'],
    ],
    [
      'neither the code flow nor RFC 9207',
      { responseTypesSupported: [], authorizationResponseIssParameterSupported: false },
      [
        'warn code_response_type_not_supported',
        'debug iss_in_authorization_response_not_supported',
      ],
    ],
  ])(
    'from the options is logged only because of fields that it contains: %s',
    async (_, more, findings) => {
      const known = { issuer: issuer.url, jwksUri: `${issuer.url}/jwks`, ...more };
      const authorizationServers = [{ metadata: known }];
      const options = {
        protectedResources: { metadata: { resource: RESOURCE, authorizationServers } },
      };
      const app = await createApp({ adapter: 'express', options });
      told.length = 0;
      await app.get(AuthorizationServerMetadataService).get(issuer.url);
      expect(
        told.map((line) => line.replace(/^McpAuthModule (\w+):.*\((\w+)\)$/, '$1 $2')),
      ).toEqual(findings);
    },
  );
});
