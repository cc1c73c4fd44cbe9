import type { AuthorizationServerMetadata } from '../../metadata/authorization-server-metadata.js';
import { serverChecks, type ServerCheck, type ServerConfigResource } from './server-checks.js';

type CheckName = keyof typeof serverChecks;

const CHECKS = Object.entries(serverChecks) as [CheckName, ServerCheck][];

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
  /** The findings that prevent MCP clients from getting a usable token. */
  errors: ServerConfigFinding[];
  /** The findings that make something harder or less safe. */
  warnings: ServerConfigFinding[];
  /** The checks that passed. */
  successes: ServerConfigFinding[];
}

/**
 * Checks whether an authorization server is fit for MCP. An *error* prevents MCP clients from getting a usable
 * token: they cannot log in, or the resource accepts none of the tokens. A *warning* makes something harder or
 * less safe.
 *
 * It reads the published metadata, and sends nothing to the server. A server with errors can still issue
 * tokens that this library verifies: the module logs the errors and continues.
 *
 * @param config - the result of {@link fetchServerConfig}, or metadata that you wrote yourself
 * @param resource - your protected resource, to check whether its clients get the tokens that it needs
 */
export function validateServerConfig(
  config: { metadata: AuthorizationServerMetadata },
  resource: ServerConfigResource = {},
): ServerConfigValidation {
  const { metadata } = config as { metadata?: AuthorizationServerMetadata };
  if (typeof metadata?.issuer !== 'string') {
    const description = 'The metadata is not an object with an "issuer".';
    const errors = [{ code: 'invalid_server_metadata' as const, description }];
    return { isValid: false, errors, warnings: [], successes: [] };
  }
  return judged(metadata, resource, CHECKS);
}

/**
 * Checks metadata that is written in the options. It checks only the members that are there, because clients
 * fetch the server's own document, which may have the other members.
 */
export function validateKnownMetadata(
  metadata: AuthorizationServerMetadata,
  resource: ServerConfigResource,
): ServerConfigValidation {
  const applicable = CHECKS.filter(([, { member }]) => metadata[member] !== undefined);
  return judged(metadata, resource, applicable);
}

function judged(
  metadata: AuthorizationServerMetadata,
  resource: ServerConfigResource,
  asked: typeof CHECKS,
): ServerConfigValidation {
  const result: Omit<ServerConfigValidation, 'isValid'> = {
    errors: [],
    warnings: [],
    successes: [],
  };
  for (const [name, check] of asked) {
    if (check.applies?.(metadata, resource) === false) {
      continue;
    }
    if (check.passes(metadata, resource)) {
      result.successes.push({ code: `${name}_supported`, description: check.success });
    } else {
      const findings = check.severity === 'error' ? result.errors : result.warnings;
      const description = textOf(check.failure, metadata, resource);
      findings.push({ code: `${name}_not_supported`, description });
    }
  }
  return { isValid: result.errors.length === 0, ...result };
}

function textOf(
  failure: ServerCheck['failure'],
  metadata: AuthorizationServerMetadata,
  resource: ServerConfigResource,
): string {
  return typeof failure === 'function' ? failure(metadata, resource) : failure;
}
