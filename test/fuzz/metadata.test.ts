import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fetchServerConfig, McpAuthError, validateServerConfig } from 'nestjs-mcp-auth';
import { toAuthorizationServerMetadata } from '../../lib/metadata/authorization-server-metadata.js';
import { Issuer } from '../support/issuer.js';
import { anyText, isObject, jsonWith, nearly, nearlyObject, nearlyUrl } from './arbitraries.js';

const NAMES = [
  ...['issuer', 'Issuer', 'jwks_uri', 'jwksUri', 'jwks__uri', 'jwks_Uri', 'iss_uer', '_issuer'],
  ...['response_types_supported', 'responseTypesSupported', 'grant_types_supported'],
  ...['code_challenge_methods_supported', 'registration_endpoint', 'introspection_endpoint'],
];
const VALUES = [
  'code',
  'S256',
  'authorization_code',
  ['code'],
  [['S256']],
  [null, 'code token'],
  true,
];

const document = nearlyObject(
  {
    issuer: fc.constant('https://auth.example.com'),
    jwks_uri: fc.oneof(nearlyUrl, fc.webUrl({ validSchemes: ['https'] })),
    response_types_supported: jsonWith(['0'], VALUES),
    code_challenge_methods_supported: jsonWith(['0'], VALUES),
    grant_types_supported: jsonWith(['0'], VALUES),
  },
  NAMES,
);

describe('a metadata document', () => {
  it('keeps the standard fields, for any other content', () => {
    fc.assert(
      fc.property(document, (given) => {
        const metadata = toAuthorizationServerMetadata(given as { issuer: string });
        expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype);
        expect(metadata.issuer).toEqual(given.issuer);
        for (const name of Object.keys(given)) {
          if (!/[A-Z0-9]|__|_$|^_/.test(name)) {
            const camelCase = name
              .split('_')
              .map((word, index) => (index ? word.charAt(0).toUpperCase() + word.slice(1) : word))
              .join('');
            expect(metadata[camelCase]).toEqual(given[name]);
          }
        }
      }),
    );
  });

  it('can be validated for MCP without throwing', () => {
    fc.assert(
      fc.property(fc.oneof(document, jsonWith(NAMES, VALUES)), (given) => {
        const metadata = isObject(given) ? toAuthorizationServerMetadata(given as never) : given;
        const { isValid, errors } = validateServerConfig({ metadata: metadata as never });
        expect(isValid).toBe(errors.length === 0);
      }),
    );
  });

  describe('that is fetched', () => {
    let issuer: Issuer;

    beforeAll(async () => {
      issuer = await Issuer.start();
    });

    afterAll(() => issuer.down());

    it('is accepted only if it has the right issuer and no insecure URL', async () => {
      const own = document.map((given) => ({ ...given, issuer: issuer.url }));
      const others = fc.oneof(document, jsonWith(NAMES, VALUES));
      const text = fc.oneof(
        { weight: 4, arbitrary: own.map((given) => JSON.stringify(given)) },
        { weight: 2, arbitrary: nearly(own.map((given) => JSON.stringify(given))) },
        { weight: 1, arbitrary: others.map((given) => JSON.stringify(given)) },
        { weight: 1, arbitrary: anyText },
      );
      let taken = 0;
      await fc.assert(
        fc.asyncProperty(text, async (body) => {
          issuer.answer('/.well-known/openid-configuration', (_, response) => {
            response.end(Buffer.from(body));
          });
          const outcome: unknown = await fetchServerConfig(issuer.url, { type: 'oidc' }).catch(
            (error: unknown) => error,
          );
          if (outcome instanceof Error) {
            expect(outcome).toBeInstanceOf(McpAuthError);
            expect(outcome).toMatchObject({ code: 'invalid_authorization_server_metadata' });
            expect(outcome.message.length).toBeLessThan(1000);
            return;
          }
          taken++;
          const { metadata } = outcome as Awaited<ReturnType<typeof fetchServerConfig>>;
          expect(metadata.issuer).toBe(issuer.url);
          if (metadata.jwksUri !== undefined) {
            expect(metadata.jwksUri).toMatch(
              /^(?:https:\/\/|http:\/\/(?:[^/]*\.localhost|localhost|127\.|0x7f|2130706433|\[::1\])[.\d]*(?:[:/?]|$))/i,
            );
          }
        }),
      );
      expect(taken).toBeGreaterThan(0);
    });
  });
});
