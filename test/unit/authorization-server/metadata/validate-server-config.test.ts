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
      'no error without grant types, which default to the code grant',
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
      'no error if one of the response types is not a string',
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

  describe('for a resource', () => {
    const dpop = (mode: 'off' | 'accepted' | 'required') => ({ mode, algorithms: ['ES256'] });
    const resource = 'https://api.example.com/notes';
    const findings = (change: Partial<AuthorizationServerMetadata>, of: object) => {
      const { errors, warnings, successes } = validateServerConfig(
        { metadata: { ...fit, ...change } },
        of,
      );
      const usual = codes(fit)[2];
      return [
        ...errors.map(({ code }) => `error ${code}`),
        ...warnings.map(({ code }) => `warning ${code}`),
        ...successes.map(({ code }) => code).filter((code) => !usual?.includes(code)),
      ];
    };
    const ID_JAG = {
      authorizationGrantProfilesSupported: ['urn:ietf:params:oauth:grant-profile:id-jag'],
    };

    it.each<[string, Partial<AuthorizationServerMetadata>, object, string[]]>([
      ['neither needs nor the members of the metadata', {}, {}, []],
      [
        'required DPoP that the server does not announce',
        {},
        { dpop: dpop('required') },
        ['error required_dpop_not_supported'],
      ],
      [
        'required DPoP with another algorithm',
        { dpopSigningAlgValuesSupported: ['RS256'] },
        { dpop: dpop('required') },
        ['error required_dpop_not_supported'],
      ],
      [
        'required DPoP with a common algorithm',
        { dpopSigningAlgValuesSupported: ['RS256', 'ES256'] },
        { dpop: dpop('required') },
        ['required_dpop_supported'],
      ],
      [
        'accepted DPoP that the server does not announce',
        { dpopSigningAlgValuesSupported: 'ES256' },
        { dpop: dpop('accepted') },
        ['warning accepted_dpop_not_supported'],
      ],
      [
        'accepted DPoP with a common algorithm',
        { dpopSigningAlgValuesSupported: ['ES256'] },
        { dpop: dpop('accepted') },
        ['accepted_dpop_supported'],
      ],
      ['no DPoP', { dpopSigningAlgValuesSupported: [] }, { dpop: dpop('off') }, []],
      ['no list of resources', {}, { resource }, []],
      [
        'a list of other resources',
        { protectedResources: [`${resource}/`, 1] },
        { resource },
        ['warning protected_resource_not_supported'],
      ],
      [
        'a list with the resource',
        { protectedResources: [resource] },
        { resource },
        ['protected_resource_supported'],
      ],
      ['no list of scopes', {}, { resource, scopes: ['read'] }, []],
      [
        'a list without a required scope',
        { scopesSupported: ['read'] },
        { resource, scopes: ['read', 'write'] },
        ['warning required_scopes_not_supported'],
      ],
      [
        'a list of all required scopes',
        { scopesSupported: ['read', 'write', 'openid'] },
        { resource, scopes: ['read', 'write'] },
        ['required_scopes_supported'],
      ],
      ['ID-JAG without its grant type', ID_JAG, {}, ['warning id_jag_not_supported']],
      [
        'ID-JAG with its grant type',
        {
          ...ID_JAG,
          grantTypesSupported: [
            'authorization_code',
            'urn:ietf:params:oauth:grant-type:jwt-bearer',
          ],
        },
        {},
        ['id_jag_supported'],
      ],
      [
        'other grant profiles',
        { authorizationGrantProfilesSupported: ['urn:example:other'] },
        {},
        [],
      ],
    ])(
      'reports needs of the resource that the server does not meet: %s',
      (_, metadata, needs, expected) => {
        expect(findings(metadata, needs)).toEqual(expected);
      },
    );

    it('names the missing scopes, at most 20 of them', () => {
      const scopes = Array.from({ length: 30 }, (_, index) => `scope-${index}`);
      const { warnings } = validateServerConfig(
        { metadata: { ...fit, scopesSupported: ['scope-0'] } },
        { resource, scopes },
      );
      expect(warnings).toEqual([
        {
          code: 'required_scopes_not_supported',
          description: `Scopes that ${resource} requires are not among scopes_supported: ${scopes.slice(1, 21).join(', ')}. Clients may not be able to get them.`,
        },
      ]);
    });

    it('names the algorithms that the server would have to support', () => {
      const { errors } = validateServerConfig(
        { metadata: fit },
        { resource, dpop: dpop('required') },
      );
      expect(errors[0]?.description).toBe(
        `None of the DPoP algorithms of the resource (ES256) is among dpop_signing_alg_values_supported. ${resource} requires DPoP-bound tokens, so it accepts none of the tokens of this server.`,
      );
    });
  });
});

describe('validateServerConfig with lists of any length', () => {
  const names = (prefix: string) =>
    Array.from({ length: 50_000 }, (_, index) => `${prefix}${index}`);

  it('compares the lists in time linear in their length', () => {
    const metadata = {
      issuer: 'https://auth.example.com',
      scopesSupported: names('a'),
      dpopSigningAlgValuesSupported: names('a'),
    };
    const resource = {
      scopes: names('b'),
      dpop: { mode: 'required', algorithms: names('b') } as const,
    };
    const before = process.cpuUsage();
    validateServerConfig({ metadata }, resource);
    const { user } = process.cpuUsage(before);
    // To compare each entry with every other entry would take minutes.
    expect(user / 1e6).toBeLessThan(5);
  });
});
