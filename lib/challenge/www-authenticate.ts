import { errorDescription } from './error-description.js';

/** The `auth-param`s of a challenge, in the order they are sent. */
export interface ChallengeParameters {
  error?: string;
  errorDescription?: string;
  resourceMetadata?: string;
  scope?: readonly string[];
  /** The algorithms of DPoP proofs. */
  algs?: readonly string[];
}

/**
 * A challenge of the scheme `Bearer` or `DPoP` (RFC 6750, section 3; RFC 9449, section 7.1; RFC 9728,
 * section 5.1).
 *
 * `offline_access` is left out of the scope: a refresh token is no need of a resource (MCP
 * authorization, "Refresh Tokens"). A parameter without a value is left out altogether.
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
 * A `quoted-string` (RFC 9110, section 5.6.4). What a header must not carry becomes a space, so that
 * no text, wherever it comes from, can end the value or the line.
 */
export function quotedString(text: string): string {
  const printable = text.replace(/[^\x20-\x7e]/g, ' ');
  return `"${printable.replace(/["\\]/g, String.raw`\$&`)}"`;
}
