/** The `auth-param`s of a `Bearer` challenge, in the order they are sent. */
export interface ChallengeParameters {
  error?: string;
  errorDescription?: string;
  resourceMetadata?: string;
  scope?: readonly string[];
}

/**
 * A `WWW-Authenticate` value of the scheme `Bearer` (RFC 6750, section 3; RFC 9728, section 5.1).
 *
 * `offline_access` is left out of the scope: a refresh token is no need of a resource (MCP
 * authorization, "Refresh Tokens"). A parameter without a value is left out altogether.
 */
export function bearerChallenge(parameters: ChallengeParameters): string {
  const { error, errorDescription, resourceMetadata, scope = [] } = parameters;
  const named: [string, string | undefined][] = [
    ['error', error],
    ['error_description', errorDescription],
    ['resource_metadata', resourceMetadata],
    ['scope', scope.filter((name) => name !== 'offline_access').join(' ')],
  ];
  const params = named.flatMap(([name, value]) =>
    value ? [`${name}=${quotedString(value)}`] : [],
  );
  return params.length === 0 ? 'Bearer' : `Bearer ${params.join(', ')}`;
}

/**
 * A `quoted-string` (RFC 9110, section 5.6.4). What a header must not carry becomes a space, so that
 * no text, wherever it comes from, can end the value or the line.
 */
export function quotedString(text: string): string {
  const printable = text.replace(/[^\x20-\x7e]/g, ' ');
  return `"${printable.replace(/["\\]/g, String.raw`\$&`)}"`;
}
