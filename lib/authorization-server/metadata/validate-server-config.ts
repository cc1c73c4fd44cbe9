import type { AuthorizationServerMetadata } from '../../metadata/authorization-server-metadata.js';

/** A check of one property that an MCP client or this library needs of an authorization server. */
interface Check {
  /** The consequence if it fails: an error (MCP clients cannot log in) or a warning. */
  severity: 'error' | 'warning';
  /** The member of the metadata that is checked. */
  member: keyof AuthorizationServerMetadata;
  passes: (metadata: AuthorizationServerMetadata) => boolean;
  /** Returns `true` if a failure has no consequence, because the server has something better. */
  isMoot?: (metadata: AuthorizationServerMetadata) => boolean;
  success: string;
  failure: string;
}

const checks = {
  code_response_type: {
    severity: 'error',
    member: 'responseTypesSupported',
    passes: ({ responseTypesSupported }) =>
      strings(responseTypesSupported).some((type) => type.split(' ').includes('code')),
    success: 'The "code" response type is supported.',
    failure: 'The "code" response type is not among response_types_supported.',
  },
  authorization_code_grant: {
    severity: 'error',
    member: 'grantTypesSupported',
    passes: ({ grantTypesSupported }) =>
      grantTypesSupported === undefined ||
      strings(grantTypesSupported).includes('authorization_code'),
    success: 'The authorization code grant is supported.',
    failure: 'The authorization code grant is not among grant_types_supported.',
  },
  pkce: {
    severity: 'error',
    member: 'codeChallengeMethodsSupported',
    passes: ({ codeChallengeMethodsSupported }) =>
      strings(codeChallengeMethodsSupported).length > 0,
    success: 'PKCE (RFC 7636) is supported.',
    failure:
      'PKCE (RFC 7636) is not announced in code_challenge_methods_supported; MCP clients refuse such a server.',
  },
  s256_code_challenge_method: {
    severity: 'error',
    member: 'codeChallengeMethodsSupported',
    passes: ({ codeChallengeMethodsSupported }) =>
      strings(codeChallengeMethodsSupported).includes('S256'),
    success: 'The code challenge method "S256" is supported.',
    failure: 'The code challenge method "S256" is not among code_challenge_methods_supported.',
  },
  jwk_set: {
    severity: 'warning',
    member: 'jwksUri',
    passes: ({ jwksUri }) => typeof jwksUri === 'string',
    success: 'A JWK Set is published.',
    failure: 'No JWK Set is published (jwks_uri), so JWT access tokens cannot be verified.',
  },
  client_id_metadata_document: {
    severity: 'warning',
    member: 'clientIdMetadataDocumentSupported',
    passes: ({ clientIdMetadataDocumentSupported }) => clientIdMetadataDocumentSupported === true,
    success: 'Client ID Metadata Documents are supported.',
    failure:
      'Client ID Metadata Documents, the first choice of MCP clients, are not supported; clients have to register, or to be registered, first.',
  },
  dynamic_registration: {
    severity: 'warning',
    member: 'registrationEndpoint',
    passes: ({ registrationEndpoint }) => typeof registrationEndpoint === 'string',
    // MCP 2026-07-28 deprecates this: clients that can use a Client ID Metadata Document do so.
    isMoot: ({ clientIdMetadataDocumentSupported }) => clientIdMetadataDocumentSupported === true,
    success: 'Dynamic Client Registration (RFC 7591) is supported.',
    failure: 'Dynamic Client Registration (RFC 7591) is not supported.',
  },
  iss_in_authorization_response: {
    severity: 'warning',
    member: 'authorizationResponseIssParameterSupported',
    passes: ({ authorizationResponseIssParameterSupported }) =>
      authorizationResponseIssParameterSupported === true,
    success: 'Authorization responses name their issuer (RFC 9207).',
    failure:
      'Authorization responses do not name their issuer (RFC 9207), which protects clients from mix-up.',
  },
} as const satisfies Record<string, Check>;

type CheckName = keyof typeof checks;

/** The stable code of a finding. */
export type ServerConfigFindingCode =
  'invalid_server_metadata' | `${CheckName}_supported` | `${CheckName}_not_supported`;

/** One result of a check of an authorization server. */
export interface ServerConfigFinding {
  /** A code for programs. It is stable. */
  code: ServerConfigFindingCode;
  /** A text for people. It may change. */
  description: string;
}

/** The result of {@link validateServerConfig}. */
export interface ServerConfigValidation {
  /** `true` if there are no errors. There may be warnings. */
  isValid: boolean;
  /** The findings that prevent MCP clients from logging in. */
  errors: ServerConfigFinding[];
  /** The findings that make something harder or less safe. */
  warnings: ServerConfigFinding[];
  /** The checks that passed. */
  successes: ServerConfigFinding[];
}

/**
 * Checks whether an authorization server is fit for MCP. An *error* prevents MCP clients from logging in. A
 * *warning* makes something harder or less safe.
 *
 * It reads the published metadata, and sends nothing to the server. A server with errors can still issue
 * tokens that this library verifies: the module logs the errors and continues.
 *
 * @param config - the result of {@link fetchServerConfig}, or metadata that you wrote yourself
 */
export function validateServerConfig(config: {
  metadata: AuthorizationServerMetadata;
}): ServerConfigValidation {
  const { metadata } = config as { metadata?: AuthorizationServerMetadata };
  if (typeof metadata?.issuer !== 'string') {
    const description = 'The metadata is not an object with an "issuer".';
    const errors = [{ code: 'invalid_server_metadata' as const, description }];
    return { isValid: false, errors, warnings: [], successes: [] };
  }
  return judged(metadata, Object.entries(checks) as [CheckName, Check][]);
}

/**
 * Checks metadata that is written in the options. It checks only the members that are there:
 * clients fetch the server's own document, which may have the others.
 */
export function validateKnownMetadata(
  metadata: AuthorizationServerMetadata,
): ServerConfigValidation {
  const said = (Object.entries(checks) as [CheckName, Check][]).filter(
    ([, { member }]) => metadata[member] !== undefined,
  );
  return judged(metadata, said);
}

function judged(
  metadata: AuthorizationServerMetadata,
  asked: readonly (readonly [CheckName, Check])[],
): ServerConfigValidation {
  const result: Omit<ServerConfigValidation, 'isValid'> = {
    errors: [],
    warnings: [],
    successes: [],
  };
  for (const [name, check] of asked) {
    if (check.passes(metadata)) {
      result.successes.push({ code: `${name}_supported`, description: check.success });
    } else if (!check.isMoot?.(metadata)) {
      const findings = check.severity === 'error' ? result.errors : result.warnings;
      findings.push({ code: `${name}_not_supported`, description: check.failure });
    }
  }
  return { isValid: result.errors.length === 0, ...result };
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
