import { isDeepStrictEqual } from 'node:util';
import { pathKey } from '../../url/path-key.js';
import { isTemplate, overlap } from '../../url/tenant-template.js';
import { withoutTrailingSlash } from '../../url/resource-identifier.js';
import { constraint } from '../validation/constraint.js';
import { optionNames } from '../validation/options-class.js';
import { parseUrl } from '../../url/parse-url.js';
import { insertWellKnown, SERVER_DOCUMENT } from '../../url/well-known-url.js';
import { documentPaths } from '../document-paths.js';
import { resourceIdentifier } from './urls.js';
import {
  AuthorizationServerSettings,
  issuerOf,
  tokenIssuersOf,
} from '../authorization-server.options.js';
import { namedServers } from '../authorization-server-resolver.js';
import { firstDuplicate } from './first-duplicate.js';
import { ambiguousTenantsProblem } from './ambiguous-tenants.js';
import type { TenantsOwner } from './tenants.js';
import { IntrospectionSettings } from '../introspection.options.js';

/**
 * The members of a protected resource that are compared with those of other protected resources. They are not validated
 * yet.
 */
interface ComparedResource extends TenantsOwner {
  metadataUrl?: string;
  metadataPath?: string;
  metadataAtRoot?: boolean;
  legacyDiscovery?: boolean;
  metadata?: {
    resource?: unknown;
    authorizationServers?: (AuthorizationServerSettings | null)[];
  };
}

/** Checks that the protected resources do not conflict with each other. */
export const AreProtectedResources = constraint('areProtectedResources', protectedResourcesProblem);

/** The options of an authorization server that must be the same at each resource: all but `claims`. */
const SHARED = optionNames(AuthorizationServerSettings).filter(
  (name) => name !== 'claims',
) as (keyof AuthorizationServerSettings)[];

function protectedResourcesProblem(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) {
    return 'must be a protected resource or an array of them';
  }
  const resources = Array.from([value].flat()) as (ComparedResource | undefined)[];
  if (resources.length === 0) {
    return 'must contain at least one protected resource';
  }
  if (resources.includes(undefined)) {
    return 'contains undefined instead of a protected resource';
  }
  const metadata = resources.flatMap((resource) => resource?.metadata ?? []);
  const servers = metadata.map(distinctServers);
  return (
    duplicateProblem(metadata) ??
    duplicateDocumentProblem(resources.flatMap((resource) => resource ?? [])) ??
    ambiguousIssuerProblem(servers.flat()) ??
    sharedTokenIssuerProblem(servers) ??
    ambiguousTenantsProblem(resources.flatMap((resource) => resource ?? []))
  );
}

function duplicateProblem(metadata: { resource?: unknown }[]): string | undefined {
  const valid = metadata.filter((owner) => resourceIdentifier(owner.resource, owner) === undefined);
  const identifiers = valid.map(({ resource }) => withoutTrailingSlash(resource as string));
  const twice = firstDuplicate(identifiers);
  if (twice !== undefined) {
    return `names the resource "${twice}" twice; remove one of the two`;
  }
  const path = firstDuplicate(identifiers.map(routedPath));
  return path === undefined
    ? overlapProblem(identifiers)
    : `contains two resources with the path "${path}", so their metadata would have the same path; give each resource its own path`;
}

/**
 * Finds two metadata documents that would be published at the same path, because of `metadataUrl`,
 * `metadataPath`, `metadataAtRoot` or `legacyDiscovery`.
 */
function duplicateDocumentProblem(resources: ComparedResource[]): string | undefined {
  const paths = resources.flatMap((options) => {
    const { resource } = options.metadata ?? {};
    return hasRightUrls(options) && resourceIdentifier(resource, options) === undefined
      ? documentPaths(options, insertWellKnown(resource as string, 'oauth-protected-resource'))
      : [];
  });
  const mirrored = resources.flatMap(({ legacyDiscovery }) =>
    legacyDiscovery ? SERVER_DOCUMENT : [],
  );
  const path = firstDuplicate([...paths, ...mirrored].map(pathKey));
  return (
    path &&
    `would publish two metadata documents at "${path}"; change "metadataUrl", "metadataPath", "metadataAtRoot" or "legacyDiscovery" of one resource`
  );
}

/** Returns `true` if the URLs can be read. Other URLs are reported by the constraints of their options. */
function hasRightUrls({ metadataUrl, metadataPath }: ComparedResource): boolean {
  const isText = [metadataUrl, metadataPath].every((given) => typeof (given ?? '') === 'string');
  return isText && (metadataUrl === undefined || parseUrl(metadataUrl) !== undefined);
}

function overlapProblem(identifiers: string[]): string | undefined {
  const template = identifiers.find(
    (one) =>
      isTemplate(one) &&
      identifiers.some((other) => other !== one && overlap(routedPath(one), routedPath(other))),
  );
  return (
    template &&
    `contains "${template}" and another resource whose path could also be the path of one of its tenants; give the two resources paths that no tenant name can make equal; different hosts are not enough`
  );
}

/** Finds an issuer with different options at two resources: each issuer has only one metadata document. */
function ambiguousIssuerProblem(servers: AuthorizationServerSettings[]): string | undefined {
  const seen = new Map<string, AuthorizationServerSettings>();
  for (const server of servers) {
    const issuer = issuerOf(server) ?? '';
    const other = seen.get(issuer);
    if (other && SHARED.some((name) => !isSame(other[name], server[name]))) {
      return `configures the issuer "${issuer}" in two different ways; share one object between the resources`;
    }
    seen.set(issuer, server);
  }
  return undefined;
}

/**
 * Finds two servers at different origins whose tokens have the same `iss`, at two resources. Each server could issue
 * tokens in the name of the other, with the same `AuthInfo.principal`. One provider may have an issuer for each
 * resource, but the same `iss` in all tokens. The issuers of such a provider have the same origin. Two servers of one
 * resource are reported by the constraint of that resource.
 */
function sharedTokenIssuerProblem(
  resources: readonly AuthorizationServerSettings[][],
): string | undefined {
  const origins = new Map<string, string | undefined>();
  for (const servers of resources) {
    const own = new Map(servers.flatMap((server) => originsOf(server)));
    for (const [iss, origin] of own) {
      if (origins.has(iss) && origins.get(iss) !== origin) {
        return `names two authorization servers at different origins whose tokens have the issuer "${iss}", so each could make tokens in the name of the other; change the "tokenIssuer" of one server`;
      }
      origins.set(iss, origin);
    }
  }
  return undefined;
}

function originsOf(server: AuthorizationServerSettings): [string, string | undefined][] {
  const origin = parseUrl(issuerOf(server) ?? '')?.origin;
  return tokenIssuersOf(server).map((iss) => [iss, origin]);
}

/** Compares nested options and lists by value, because each resource may have its own copy of them. */
function isSame(one: unknown, other: unknown): boolean {
  const isByValue = one instanceof IntrospectionSettings || Array.isArray(one);
  return isByValue ? isDeepStrictEqual(one, other) : one === other;
}

/** Returns one server per issuer: a duplicate within a resource is reported by its own constraint. */
function distinctServers({
  authorizationServers = [],
}: NonNullable<ComparedResource['metadata']>): AuthorizationServerSettings[] {
  const named = Array.isArray(authorizationServers)
    ? (namedServers(authorizationServers) as typeof authorizationServers).flatMap(
        (server) => server ?? [],
      )
    : [];
  return [...new Map(named.map((server) => [issuerOf(server), server])).values()];
}

function routedPath(identifier: string): string {
  return pathKey(new URL(identifier).pathname);
}
