import { errorDescription } from './error-description.js';

/** The `auth-param`s of a challenge, in the order in which they are sent. */
export interface ChallengeParameters {
  error?: string;
  errorDescription?: string;
  resourceMetadata?: string;
  scope?: readonly string[];
  /** The algorithms of DPoP proofs. */
  algs?: readonly string[];
}

/**
 * Writes a challenge of the scheme `Bearer` or `DPoP` (RFC 6750, section 3; RFC 9449, section 7.1; RFC 9728,
 * section 5.1).
 *
 * The scope leaves out `offline_access`: a resource does not need a refresh token (MCP authorization,
 * "Refresh Tokens"). A parameter without a value is left out.
 */
export function challenge(scheme: 'Bearer' | 'DPoP', parameters: ChallengeParameters): string {
  const {
    error,
    errorDescription: description,
    resourceMetadata,
    scope = [],
    algs = [],
  } = parameters;
  const named: [string, string | undefined][] = [
    ['error', error],
    ['error_description', description && errorDescription(description)],
    ['resource_metadata', resourceMetadata],
    ['scope', scope.filter((name) => name !== 'offline_access').join(' ')],
    ['algs', algs.join(' ')],
  ];
  const params = named.flatMap(([name, value]) =>
    value ? [`${name}=${quotedString(value)}`] : [],
  );
  return params.length === 0 ? scheme : `${scheme} ${params.join(', ')}`;
}

/**
 * Writes a `quoted-string` (RFC 9110, section 5.6.4). Every character outside printable ASCII becomes a
 * space, and quotes and backslashes are escaped. Therefore no text can end the value or the line, even if
 * an untrusted client sent it.
 */
export function quotedString(text: string): string {
  const printable = text.replace(/[^\x20-\x7e]/g, ' ');
  return `"${printable.replace(/["\\]/g, String.raw`\$&`)}"`;
}
