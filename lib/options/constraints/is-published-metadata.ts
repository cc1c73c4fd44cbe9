import { impliedMetadata, type SenderConstraints } from '../implied-metadata.js';
import { constraint } from '../validation/constraint.js';

/** The options of a protected resource that its metadata must not contradict. They are not validated yet. */
interface PublishedResource extends SenderConstraints {
  tokenVerifier?: unknown;
}

export const IsPublishedMetadata = constraint<PublishedResource>(
  'isPublishedMetadata',
  (value, resource) => {
    if (typeof value !== 'object' || value === null) {
      return 'must be an object with at least "resource" and "authorizationServers"';
    }
    try {
      JSON.stringify(value, (_, member: unknown) => (typeof member === 'function' ? null : member));
      return (
        contradictedMetadataProblem(value, resource) ?? unverifiableServerProblem(value, resource)
      );
    } catch {
      return 'contains a value that cannot be published as JSON';
    }
  },
);

/** The option of the resource that sets each field. */
const DECIDED_BY = {
  dpopSigningAlgValuesSupported: 'dpop',
  dpopBoundAccessTokensRequired: 'dpop',
  tlsClientCertificateBoundAccessTokens: 'clientCertificate',
} as const;

/** Finds a field of the given metadata that contradicts the options of the resource. */
function contradictedMetadataProblem(
  metadata: object,
  options: SenderConstraints,
): string | undefined {
  const implied: Record<string, unknown> = { ...impliedMetadata(options) };
  const given = metadata as Record<string, unknown>;
  for (const [field, option] of Object.entries(DECIDED_BY)) {
    if (given[field] !== undefined && canonical(given[field]) !== canonical(implied[field])) {
      return `has ${field}, which does not match the option "${option}" of the resource; set "${option}" as you want it, and remove ${field}, which is derived from "${option}"`;
    }
  }
  return undefined;
}

/**
 * Returns the same text for values with the same meaning. The order of a list does not matter. `false` and a
 * missing value mean the same.
 */
function canonical(value: unknown): string {
  return JSON.stringify(Array.isArray(value) ? [...(value as unknown[])].sort() : (value ?? false));
}

/** An authorization server in any form, or something that is not valid. */
type MaybeServer = Partial<Record<string, unknown>> | null | undefined;

/** Finds a server whose given metadata has no JWK Set, if there is no other way to verify its tokens. */
function unverifiableServerProblem(
  metadata: { authorizationServers?: unknown },
  { tokenVerifier }: PublishedResource,
): string | undefined {
  const servers = [metadata.authorizationServers].flat() as MaybeServer[];
  const index = servers.findIndex((server) => isUnverifiable(server));
  return tokenVerifier !== undefined || index === -1
    ? undefined
    : `names an authorization server whose tokens cannot be verified: the metadata of authorizationServers[${index}] has no "jwksUri", and if "metadata" is given, no metadata is fetched; add "jwksUri", or give the keys as "jwks", or give only the issuer, so that the metadata is fetched; for opaque tokens, set "introspection" of the server, or "tokenVerifier" of the resource`;
}

function isUnverifiable(server: MaybeServer): boolean {
  const { metadata, introspection, metadataUrl, transformMetadata, jwks, ...rest } = server ?? {};
  const { issuer, jwksUri, jwks_uri } = (metadata ?? {}) as Record<string, unknown>;
  // Other problems of the server are reported by its own constraints.
  const isOtherwiseValid =
    typeof issuer === 'string' &&
    [rest.issuer, metadataUrl, transformMetadata, jwks_uri].every((given) => given === undefined);
  return [jwksUri, introspection, jwks].every((given) => given === undefined) && isOtherwiseValid;
}
