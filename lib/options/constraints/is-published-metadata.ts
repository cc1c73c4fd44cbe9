import { impliedMetadata, type SenderConstraints } from '../implied-metadata.js';
import { constraint } from '../validation/constraint.js';

/** The members of a protected resource that its metadata must agree with. They are not validated yet. */
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

/** The option that decides the value of each field. */
const DECIDED_BY = {
  dpopSigningAlgValuesSupported: 'dpop',
  dpopBoundAccessTokensRequired: 'dpop',
  tlsClientCertificateBoundAccessTokens: 'clientCertificate',
} as const;

/** Finds a field given by hand that contradicts the options of the resource. */
function contradictedMetadataProblem(
  metadata: object,
  options: SenderConstraints,
): string | undefined {
  const implied: Record<string, unknown> = { ...impliedMetadata(options) };
  const byHand = metadata as Record<string, unknown>;
  for (const [field, option] of Object.entries(DECIDED_BY)) {
    if (byHand[field] !== undefined && canonical(byHand[field]) !== canonical(implied[field])) {
      return `has ${field}, which contradicts the option "${option}" of the resource; remove it, since the option sets it`;
    }
  }
  return undefined;
}

/**
 * Returns equal texts for equal meanings: the order of a list is ignored, and `false` is the same as
 * absent.
 */
function canonical(value: unknown): string {
  return JSON.stringify(Array.isArray(value) ? [...(value as unknown[])].sort() : (value ?? false));
}

/** Any form of an authorization server, also a wrong one. */
type MaybeServer = Partial<Record<string, unknown>> | null | undefined;

/** Finds metadata given by hand without a JWK Set, if nothing else could verify the tokens. */
function unverifiableServerProblem(
  metadata: { authorizationServers?: unknown },
  { tokenVerifier }: PublishedResource,
): string | undefined {
  const servers = [metadata.authorizationServers].flat() as MaybeServer[];
  const index = servers.findIndex((server) => isUnverifiable(server));
  return tokenVerifier !== undefined || index === -1
    ? undefined
    : `names an authorization server whose tokens cannot be verified: the metadata of authorizationServers[${index}] has no "jwksUri", and none is fetched; add it, give the keys themselves as "jwks", name the server by its issuer alone so that its metadata is fetched, set its "introspection" if its tokens are opaque, or set "tokenVerifier" of the resource`;
}

function isUnverifiable(server: MaybeServer): boolean {
  const { metadata, introspection, metadataUrl, transformMetadata, jwks, ...rest } = server ?? {};
  const { issuer, jwksUri, jwks_uri } = (metadata ?? {}) as Record<string, unknown>;
  // Other problems of the server are reported by its own constraints.
  const isRight =
    typeof issuer === 'string' &&
    [rest.issuer, metadataUrl, transformMetadata, jwks_uri].every((given) => given === undefined);
  return [jwksUri, introspection, jwks].every((given) => given === undefined) && isRight;
}
