import { resolveClientCertificatePolicy } from '../possession/client-certificate/client-certificate-policy.js';
import { resolveDpopPolicy } from '../possession/dpop/resolve-dpop-policy.js';
import { issuerOf, tokenIssuersOf } from '../options/authorization-server.options.js';
import { namedServers, findResolver } from '../options/authorization-server-resolver.js';
import { impliedMetadata } from '../options/implied-metadata.js';
import { ASYMMETRIC_ALGORITHMS, type JwtOptions } from '../options/jwt.options.js';
import type { ProtectedResourceOptions } from '../options/protected-resource.options.js';
import { resolveScopeHierarchy } from '../scope/scope-hierarchy.js';
import { requestedNames } from '../scope/scope-prefix.js';
import type { ClaimsPolicy } from '../token/claims-policy.js';
import type { JwtPolicy } from '../token/jwt-policy.js';
import { documentPaths } from '../options/document-paths.js';
import { insertWellKnown } from '../url/well-known-url.js';
import { toMetadataDocument } from './documents/metadata-document.js';
import type { ProtectedResource } from './protected-resource.js';

/** Resolves validated options, once, into the resource that each request reads. */
export function resolveProtectedResource(options: ProtectedResourceOptions): ProtectedResource {
  const { authorizationServers } = options.metadata;
  const servers = namedServers(authorizationServers);
  const scopePrefix = options.scopePrefix ?? '';
  const scopesSupported = requestedNames(options.metadata.scopesSupported ?? [], scopePrefix);
  const metadata = toMetadataDocument(
    { ...options.metadata, ...impliedMetadata(options), scopesSupported: [...scopesSupported] },
    options.publishedIssuers ?? servers.map((server) => issuerOf(server) ?? ''),
  );
  const wellKnownUrl = insertWellKnown(metadata.resource, 'oauth-protected-resource');
  return Object.freeze({
    resource: metadata.resource,
    metadataUrl: options.metadataUrl ?? wellKnownUrl,
    documentPaths: documentPaths(options, wellKnownUrl),
    metadata,
    issuers: servers.flatMap(tokenIssuersOf),
    issuerResolver: findResolver(authorizationServers),
    audiences: options.dangerouslySkipAudienceCheck
      ? undefined
      : acceptedAudiences(metadata.resource, options.audience),
    jwt: resolveJwtPolicy(options.jwt),
    claimsOf: resolveClaimsPolicies(options),
    dpop: resolveDpopPolicy(metadata.resource, options.dpop),
    clientCertificate: resolveClientCertificatePolicy(options.clientCertificate),
    scopeHierarchy: resolveScopeHierarchy(options.scopeHierarchy ?? {}),
    scopePrefix,
    relatedScopes: resolveRelatedScopes(options),
    allowedOrigins: [options.allowedOrigins ?? []].flat(),
    developmentHosts: options.developmentHosts ?? [],
    tokenVerifier: options.tokenVerifier,
    ownIssuers: options.ownIssuers ?? [],
  });
}

function resolveRelatedScopes({
  challengeScopes,
  metadata,
  scopeHierarchy = {},
}: ProtectedResourceOptions): Set<string> | undefined {
  return challengeScopes === 'requiredAndGranted'
    ? new Set([...(metadata.scopesSupported ?? []), ...Object.entries(scopeHierarchy).flat(2)])
    : undefined;
}

/**
 * Returns the accepted audiences. An origin with and without its `/` is one URL (RFC 3986, section 6.2.3), and clients
 * that parse the resource identifier send it with `/`. So if the resource identifier is an origin, both forms are
 * accepted. The option `audience` replaces both forms. No second form of its values is accepted.
 */
function acceptedAudiences(resource: string, audience: string | string[] | undefined): string[] {
  if (audience !== undefined) {
    return [audience].flat();
  }
  return new URL(resource).origin === resource ? [resource, `${resource}/`] : [resource];
}

function resolveJwtPolicy(options: JwtOptions = {}): JwtPolicy {
  return Object.freeze({
    algorithms: options.algorithms ?? ASYMMETRIC_ALGORITHMS,
    clockTolerance: options.clockTolerance ?? 5,
    requiredClaims: options.requiredClaims ?? [],
    typ: options.typ === undefined ? undefined : [options.typ].flat(),
    maxTokenAge: options.maxTokenAge,
  });
}

function resolveClaimsPolicies({
  claims,
  metadata,
}: ProtectedResourceOptions): (issuer: string) => ClaimsPolicy {
  const ofResource = Object.freeze({ ...claims });
  const ofIssuers = new Map(
    namedServers(metadata.authorizationServers).flatMap((server) => {
      const own = typeof server === 'string' ? undefined : server.claims;
      const policy = own ? Object.freeze({ ...ofResource, ...own }) : ofResource;
      return tokenIssuersOf(server).map((issuer) => [issuer, policy] as const);
    }),
  );
  return (issuer) => ofIssuers.get(issuer) ?? ofResource;
}
