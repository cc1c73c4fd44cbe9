import { isDeepStrictEqual } from 'node:util';
import { pathKey } from '../../url/path-key.js';
import { isTemplate, overlap } from '../../url/tenant-template.js';
import { withoutTrailingSlash } from '../../url/resource-identifier.js';
import { constraint } from '../validation/constraint.js';
import { optionNames } from '../validation/options-class.js';
import { resourceIdentifier } from './urls.js';
import { AuthorizationServerSettings, issuerOf } from '../authorization-server.options.js';
import { namedServers } from '../authorization-server-resolver.js';
import { ambiguousTenantsProblem } from './ambiguous-tenants.js';
import type { TenantsOwner } from './tenants.js';
import { IntrospectionSettings } from '../introspection.options.js';

/** As much of a protected resource as is compared with the others; none of it validated yet. */
interface ComparedResource extends TenantsOwner {
  metadata?: {
    resource?: unknown;
    authorizationServers?: (AuthorizationServerSettings | null)[];
  };
}

/** Whether protected resources, each of them right by itself, are right together. */
export const AreProtectedResources = constraint('areProtectedResources', protectedResourcesProblem);

/** What makes two settings of one authorization server different: how claims are read is up to each resource. */
const SHARED = optionNames(AuthorizationServerSettings).filter(
  (name) => name !== 'claims',
) as (keyof AuthorizationServerSettings)[];

function protectedResourcesProblem(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) {
    return 'must be a protected resource or an array of them';
  }
  const resources = Array.from([value].flat()) as (ComparedResource | undefined)[];
  if (resources.length === 0) {
    return 'must hold at least one protected resource';
  }
  if (resources.includes(undefined)) {
    return 'holds a protected resource that is missing';
  }
  const metadata = resources.flatMap((resource) => resource?.metadata ?? []);
  return (
    duplicateProblem(metadata.map(({ resource }) => resource)) ??
    ambiguousIssuerProblem(metadata.flatMap(oneAnIssuer)) ??
    ambiguousTenantsProblem(resources.flatMap((resource) => resource ?? []))
  );
}

function duplicateProblem(resources: unknown[]): string | undefined {
  const valid = resources.filter((resource) => resourceIdentifier(resource, {}) === undefined);
  const identifiers = (valid as string[]).map(withoutTrailingSlash);
  const twice = firstRepeated(identifiers);
  if (twice !== undefined) {
    return `names the resource "${twice}" twice; remove one of the two`;
  }
  const path = firstRepeated(identifiers.map(routedPath));
  return path === undefined
    ? overlapProblem(identifiers)
    : `holds two resources with the path "${path}", so that their metadata would be at one path; give each a path of its own`;
}

function overlapProblem(identifiers: string[]): string | undefined {
  const template = identifiers.find(
    (one) =>
      isTemplate(one) &&
      identifiers.some((other) => other !== one && overlap(routedPath(one), routedPath(other))),
  );
  return (
    template &&
    `holds "${template}" and another resource that, but for the host, would be that of one of its tenants; give them paths that no tenant can make equal`
  );
}

/** An authorization server is one, whichever resource names it: there is one metadata document. */
function ambiguousIssuerProblem(servers: AuthorizationServerSettings[]): string | undefined {
  const known = new Map<string, AuthorizationServerSettings>();
  for (const server of servers) {
    const issuer = issuerOf(server) ?? '';
    const other = known.get(issuer);
    if (other && SHARED.some((name) => !isSame(other[name], server[name]))) {
      return `configures the issuer "${issuer}" in two different ways; share one object between the resources`;
    }
    known.set(issuer, server);
  }
  return undefined;
}

/** The options of an option are copied before they are looked at. */
function isSame(one: unknown, other: unknown): boolean {
  const isSettings = one instanceof IntrospectionSettings;
  return isSettings ? isDeepStrictEqual(one, other) : one === other;
}

/** That one resource names an issuer twice is said where it does so. */
function oneAnIssuer({
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

function firstRepeated(values: string[]): string | undefined {
  return values.find((value, index) => values.indexOf(value) !== index);
}
