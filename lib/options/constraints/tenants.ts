import { isTemplate, isTenantName } from '../../url/tenant-template.js';
import { issuerOf } from '../authorization-server.options.js';
import { namedServers, resolverAmong } from '../authorization-server-resolver.js';
import { constraint } from '../validation/constraint.js';
import { itemsProblem } from '../validation/each-item.js';

/** As much of a protected resource as decides on its tenants; none of it validated yet. */
export interface TenantsOwner {
  metadata?: { resource?: unknown; authorizationServers?: unknown };
  tenants?: unknown;
  audience?: unknown;
  dangerouslySkipAudienceCheck?: unknown;
}

/** Returns whether there is such a resource for each of several tenants. */
export const hasTenants = ({ metadata }: TenantsOwner): boolean => isTemplate(metadata?.resource);

const IsTenantName = constraint('isTenantName', (value) =>
  isTenantName(value)
    ? undefined
    : 'must be 1 to 100 letters, digits, "-", ".", "_" or "~", and not dots alone: what a path can hold in one spelling',
);

const namesProblem = itemsProblem(IsTenantName());

/** The names of all tenants, or a function that knows them. */
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
      : 'must be a function that answers the authorizationServers of each tenant, since metadata.authorizationServers is empty')
  );
});

/** With one audience for all tenants, the issuer alone tells whose a token is. */
export function sharedAudienceProblem(owner: TenantsOwner): string | undefined {
  const { authorizationServers } = owner.metadata ?? {};
  const isShared = hasTenants(owner) && hasSharedAudience(owner);
  const areIssuersOwn =
    resolverAmong(authorizationServers) === undefined &&
    namedServers(authorizationServers ?? []).every((server) => isTemplate(issuerOf(server)));
  return isShared && !areIssuersOwn
    ? 'would let a token of one tenant in at another: put "{tenant}" into every audience, or else into the issuer of every authorization server, with no resolver among them'
    : undefined;
}

/** Whether a token of one tenant is refused by the others. */
export const KeepTenantsApart = constraint<TenantsOwner>('keepTenantsApart', (_, owner) =>
  sharedAudienceProblem(owner),
);

/** Returns whether an audience holds `{tenant}` only where there are tenants: else it would be taken as it is written. */
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
