import { describe, expect, it } from '@jest/globals';
import { validateServerConfig, type AuthorizationServerMetadata } from 'nestjs-mcp-auth';

const fit: AuthorizationServerMetadata = {
  issuer: 'https://auth.example.com',
  jwksUri: 'https://auth.example.com/jwks',
  responseTypesSupported: ['code id_token'],
  grantTypesSupported: ['authorization_code'],
  codeChallengeMethodsSupported: ['S256'],
  registrationEndpoint: 'https://auth.example.com/register',
  clientIdMetadataDocumentSupported: true,
  authorizationResponseIssParameterSupported: true,
};

const codes = (metadata: AuthorizationServerMetadata) => {
  const { errors, warnings, successes } = validateServerConfig({ metadata });
  return [errors, warnings, successes].map((findings) => findings.map(({ code }) => code));
};

describe('validateServerConfig', () => {
  it('finds no errors and no warnings for a complete configuration', () => {
    const [errors, warnings, successes] = codes(fit);
    expect([errors, warnings]).toEqual([[], []]);
    expect(successes).toEqual([
      'code_response_type_supported',
      'authorization_code_grant_supported',
      'pkce_supported',
      's256_code_challenge_method_supported',
      'jwk_set_supported',
      'client_id_metadata_document_supported',
      'dynamic_registration_supported',
      'iss_in_authorization_response_supported',
    ]);
    expect(validateServerConfig({ metadata: fit }).isValid).toBe(true);
  });

  it.each<[string, Partial<AuthorizationServerMetadata>, string[]]>([
    [
      'no code response type',
      { responseTypesSupported: ['token'] },
      ['code_response_type_not_supported'],
    ],
    [
      'no response types',
      { responseTypesSupported: undefined },
      ['code_response_type_not_supported'],
    ],
    [
      'no authorization code grant',
      { grantTypesSupported: ['implicit'] },
      ['authorization_code_grant_not_supported'],
    ],
    [
      'none without grant types, which default to the code grant',
      { grantTypesSupported: undefined },
      [],
    ],
    [
      'no PKCE',
      { codeChallengeMethodsSupported: undefined },
      ['pkce_not_supported', 's256_code_challenge_method_not_supported'],
    ],
    [
      'PKCE with plain only',
      { codeChallengeMethodsSupported: ['plain'] },
      ['s256_code_challenge_method_not_supported'],
    ],
    [
      'none for response types of which one is not a string',
      { responseTypesSupported: [1, 'code'] as never },
      [],
    ],
    [
      'a field of the wrong type',
      { codeChallengeMethodsSupported: 'S256' as never },
      ['pkce_not_supported', 's256_code_challenge_method_not_supported'],
    ],
  ])('reports errors: %s', (_, change, expected) => {
    expect(codes({ ...fit, ...change })[0]).toEqual(expected);
    expect(validateServerConfig({ metadata: { ...fit, ...change } }).isValid).toBe(
      expected.length === 0,
    );
  });

  it('warns of missing recommended features', () => {
    const { issuer, responseTypesSupported, codeChallengeMethodsSupported } = fit;
    expect(codes({ issuer, responseTypesSupported, codeChallengeMethodsSupported })[1]).toEqual([
      'jwk_set_not_supported',
      'client_id_metadata_document_not_supported',
      'dynamic_registration_not_supported',
      'iss_in_authorization_response_not_supported',
    ]);
  });

  it('does not warn of missing dynamic registration if client ID metadata documents are supported', () => {
    const without = { ...fit, registrationEndpoint: undefined };
    const [errors, warnings, successes] = codes(without);
    expect([errors, warnings]).toEqual([[], []]);
    expect(successes).not.toContain('dynamic_registration_supported');
    expect(codes({ ...without, clientIdMetadataDocumentSupported: 'true' as never })[1]).toEqual([
      'client_id_metadata_document_not_supported',
      'dynamic_registration_not_supported',
    ]);
  });

  it.each([[undefined], [null], [{}], [[]], [{ issuer: 1 }]])(
    'reports %j as invalid metadata',
    (metadata) => {
      expect(validateServerConfig({ metadata: metadata as never })).toEqual({
        isValid: false,
        errors: [
          {
            code: 'invalid_server_metadata',
            description: 'The metadata is not an object with an "issuer".',
          },
        ],
        warnings: [],
        successes: [],
      });
    },
  );
});
