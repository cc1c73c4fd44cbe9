import { describe, expect, it } from '@jest/globals';
import { metadataUrls } from '../../../../lib/authorization-server/metadata/metadata-url.js';

describe('metadataUrls', () => {
  it.each([
    [
      'oauth' as const,
      'https://a.example.com/t',
      ['https://a.example.com/.well-known/oauth-authorization-server/t'],
    ],
    [
      'oidc' as const,
      'https://a.example.com/t',
      ['https://a.example.com/t/.well-known/openid-configuration'],
    ],
    [
      'oidc' as const,
      'https://a.example.com/t/',
      ['https://a.example.com/t/.well-known/openid-configuration'],
    ],
    [
      'oauth' as const,
      'https://a.example.com',
      ['https://a.example.com/.well-known/oauth-authorization-server'],
    ],
  ])('inserts or appends the well-known path of type %s for %s', (type, issuer, urls) => {
    expect(metadataUrls(issuer, type)).toEqual(urls);
  });
});
