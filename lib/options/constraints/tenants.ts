import { isTemplate, isTenantName } from '../../url/tenant-template.js';
import { issuerOf } from '../authorization-server.options.js';
import { namedServers, findResolver } from '../authorization-server-resolver.js';
import { constraint } from '../validation/constraint.js';
import { itemsProblem } from '../validation/each-item.js';

/** The members of a protected resource that decide on its tenants. They are not validated yet. */
export interface TenantsOwner {
  metadata?: { resource?: unknown; authorizationServers?: unknown };
  tenants?: unknown;
  audience?: unknown;
  dangerouslySkipAudienceCheck?: unknown;
}

/** Returns `true` if each tenant has a resource of its own. */
export const hasTenants = ({ metadata }: TenantsOwner): boolean => isTemplate(metadata?.resource);

export const hasNoTenants = (owner: TenantsOwner): boolean => !hasTenants(owner);

const IsTenantName = constraint('isTenantName', (value) =>
  isTenantName(value)
    ? undefined
    : 'must be 1 to 100 letters, digits, "-", ".", "_" or "~", and not only dots: these have only one spelling in a path',
);

const namesProblem = itemsProblem(IsTenantName());

/** Checks for the names of all tenants, or a function that looks them up. */
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

/** Checks that the issuer tells the tenants apart, if they share an audience. */
export function sharedAudienceProblem(owner: TenantsOwner): string | undefined {
  const { authorizationServers } = owner.metadata ?? {};
  const isShared = hasTenants(owner) && hasSharedAudience(owner);
  const areIssuersOwn =
    findResolver(authorizationServers) === undefined &&
    namedServers(authorizationServers ?? []).every((server) => isTemplate(issuerOf(server)));
  return isShared && !areIssuersOwn
    ? 'would accept a token of one tenant at another; put "{tenant}" into every audience, or into the issuer of every authorization server (and use no resolver)'
    : undefined;
}

/** Checks that a token of one tenant is rejected at the others. */
export const KeepTenantsApart = constraint<TenantsOwner>('keepTenantsApart', (_, owner) =>
  sharedAudienceProblem(owner),
);

/** Returns `false` for an audience with `{tenant}` without tenants: it would be compared literally. */
export function hasTenantOnlyForTenants(owner: TenantsOwner): boolean {
  return hasTenants(owner) || ![owner.audience].flat().some(isTemplate);
}

export function hasSharedAudience({
  audience,
  dangerouslySkipAudienceCheck,
}: Pick<TenantsOwner, 'audience' | 'dangerouslySkipAudienceCheck'>): boolean {
  const audiences: unknown[] = audience === undefined ? [] : [audience].flat();
  return dangerouslySkipAudienceCheck === true || !audiences.every(isTemplate);
}
