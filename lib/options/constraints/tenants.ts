import { isTemplate, isTenantName } from '../../url/tenant-template.js';
import {
  issuerOf,
  tokenIssuersOf,
  type AuthorizationServerOptions,
} from '../authorization-server.options.js';
import { namedServers, findResolver } from '../authorization-server-resolver.js';
import { constraint } from '../validation/constraint.js';
import { itemsProblem } from '../validation/each-item.js';

/** The options of a protected resource that its tenants depend on. They may still be invalid. */
export interface TenantsOwner {
  metadata?: { resource?: unknown; authorizationServers?: unknown };
  tenants?: unknown;
  audience?: unknown;
  dangerouslySkipAudienceCheck?: unknown;
  ownIssuers?: unknown;
}

/** Returns `true` if the resource has tenants: its identifier then contains `{tenant}`. */
export const hasTenants = ({ metadata }: TenantsOwner): boolean => isTemplate(metadata?.resource);

export const hasNoTenants = (owner: TenantsOwner): boolean => !hasTenants(owner);

const IsTenantName = constraint('isTenantName', (value) =>
  isTenantName(value)
    ? undefined
    : 'must be 1 to 100 letters, digits, "-", ".", "_" or "~", and not only dots; other characters could be written in several ways in a path',
);

const namesProblem = itemsProblem(IsTenantName());

/**
 * Checks the option `tenants`: the names of all tenants, or a function that looks up a tenant. Names need authorization
 * servers in the metadata. A function can return the authorization servers of each tenant.
 */
export const IsTenants = constraint<TenantsOwner>('isTenants', (value, { metadata }) => {
  if (typeof value === 'function') {
    return undefined;
  }
  if (!Array.isArray(value) || value.length === 0) {
    return 'must be an array with at least one name, or a function';
  }
  const { authorizationServers = [] } = metadata ?? {};
  return (
    namesProblem(value) ??
    ([authorizationServers].flat().length > 0
      ? undefined
      : 'must be a function that returns the authorizationServers of each tenant, since metadata.authorizationServers is empty')
  );
});

/**
 * Returns what is wrong if a token of one tenant would be accepted at another tenant. That happens if neither the
 * audience nor the issuer of a token depends on the tenant.
 */
export function sharedAudienceProblem(owner: TenantsOwner): string | undefined {
  const { authorizationServers } = owner.metadata ?? {};
  const servers = namedServers(authorizationServers ?? []);
  const isShared = hasTenants(owner) && hasSharedAudience(owner);
  const ofVerifiers = ownIssuersOf(owner);
  const haveTenantsOwnIssuers =
    findResolver(authorizationServers) === undefined &&
    [...servers.flatMap(tokenIssuersOf), ...ofVerifiers].every(isTemplate);
  const remedy =
    owner.dangerouslySkipAudienceCheck === true
      ? 'remove "dangerouslySkipAudienceCheck", or put "{tenant}" into'
      : 'put "{tenant}" into every audience, or into';
  const issuer = servers.some(hasSharedTokenIssuer) ? 'tokenIssuer' : 'issuer';
  const own = ofVerifiers.every(isTemplate) ? '' : ' and into each of "ownIssuers"';
  return isShared && !haveTenantsOwnIssuers
    ? `would accept a token of one tenant at another tenant; ${remedy} the ${issuer} of every authorization server${own} (and use no resolver)`
    : undefined;
}

/** Returns the issuers that only the application's own verifiers may return. */
export function ownIssuersOf({ ownIssuers = [] }: TenantsOwner): readonly unknown[] {
  return [ownIssuers].flat();
}

/** Returns `true` if tenants have issuers of their own, but tokens with the same `iss`. */
function hasSharedTokenIssuer(server: AuthorizationServerOptions): boolean {
  return isTemplate(issuerOf(server)) && !tokenIssuersOf(server).every(isTemplate);
}

/** Checks that a token of one tenant is rejected at all other tenants, see {@link sharedAudienceProblem}. */
export const KeepTenantsApart = constraint<TenantsOwner>('keepTenantsApart', (_, owner) =>
  sharedAudienceProblem(owner),
);

/**
 * Returns `false` if an audience contains `{tenant}`, but the resource has no tenants. No token would have
 * the right audience, because the placeholder would not be replaced.
 */
export function usesTenantOnlyWithTenants(owner: TenantsOwner): boolean {
  return hasTenants(owner) || ![owner.audience].flat().some(isTemplate);
}

/**
 * Returns `true` if a token for one tenant can have the right audience for another tenant. The default audience is the
 * resource identifier, which differs for each tenant.
 */
export function hasSharedAudience({
  audience,
  dangerouslySkipAudienceCheck,
}: Pick<TenantsOwner, 'audience' | 'dangerouslySkipAudienceCheck'>): boolean {
  const audiences: unknown[] = audience === undefined ? [] : [audience].flat();
  return dangerouslySkipAudienceCheck === true || !audiences.every(isTemplate);
}
