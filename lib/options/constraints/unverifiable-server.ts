/** As much of a resource as decides whether the tokens of its servers can be verified; not validated yet. */
interface Verifying {
  readonly tokenVerifier?: unknown;
}

/** Any form of an authorization server, also a wrong one. */
type MaybeServer = Partial<Record<string, unknown>> | null | undefined;

/** Finds metadata given by hand that has no JWK Set, where nothing else could verify the tokens. */
export function unverifiableServerProblem(
  metadata: { authorizationServers?: unknown },
  { tokenVerifier }: Verifying,
): string | undefined {
  const servers = [metadata.authorizationServers].flat() as MaybeServer[];
  const index = servers.findIndex((server) => isUnverifiable(server));
  return tokenVerifier !== undefined || index === -1
    ? undefined
    : `names an authorization server whose tokens cannot be verified: the metadata of authorizationServers[${index}] has no "jwksUri", and none is fetched; add it, name the server by its issuer alone so that its metadata is fetched, set its "introspection" if its tokens are opaque, or set "tokenVerifier" of the resource`;
}

function isUnverifiable(server: MaybeServer): boolean {
  const { metadata, introspection, metadataUrl, transformMetadata, ...rest } = server ?? {};
  const { issuer, jwksUri, jwks_uri } = (metadata ?? {}) as Record<string, unknown>;
  // What else is wrong with the server is said elsewhere.
  const isRight =
    typeof issuer === 'string' &&
    [rest.issuer, metadataUrl, transformMetadata, jwks_uri].every((given) => given === undefined);
  return isRight && jwksUri === undefined && introspection === undefined;
}
