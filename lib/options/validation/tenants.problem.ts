import { isTemplate, isTenantName } from '../../url/tenant-template.js';
import { issuerOf } from '../authorization-server.options.js';
import { namedServers, resolverAmong } from '../authorization-server-resolver.js';
import { eachItem, type Problem } from './checked.js';

/** As much of a protected resource as decides on its tenants; none of it validated yet. */
export interface TenantsOwner {
  metadata?: { resource?: unknown; authorizationServers?: unknown };
  tenants?: unknown;
  audience?: unknown;
  dangerouslySkipAudienceCheck?: unknown;
}

const tenantName: Problem = (value) =>
  isTenantName(value)
    ? undefined
    : 'must be 1 to 100 letters, digits, "-", ".", "_" or "~", and not dots alone: what a path can hold in one spelling';

/** What keeps a value from saying which tenants there are; nothing where there are none to speak of. */
export function tenantsProblem(value: unknown, owner: TenantsOwner): string | undefined {
  if (!isTemplate(owner.metadata?.resource)) {
    return value === undefined
      ? undefined
      : 'has no effect without "{tenant}" in metadata.resource; add that, or leave this out';
  }
  if (value === undefined) {
    return 'must say which tenants there are, since metadata.resource holds "{tenant}": their names in an array, or a function';
  }
  return typeof value === 'function' ? undefined : listProblem(value, owner);
}

function listProblem(value: unknown, { metadata }: TenantsOwner): string | undefined {
  if (!Array.isArray(value) || value.length === 0) {
    return 'must be an array with at least one name, or a function';
  }
  const { authorizationServers = [] } = metadata ?? {};
  return (
    eachItem(tenantName)(value, {}) ??
    ([authorizationServers].flat().length > 0
      ? undefined
      : 'must be a function that answers the authorizationServers of each tenant, since metadata.authorizationServers is empty')
  );
}

/** With one audience for all tenants, the issuer alone tells whose a token is. */
export function sharedAudienceProblem(owner: TenantsOwner): string | undefined {
  const { authorizationServers } = owner.metadata ?? {};
  const isShared = isTemplate(owner.metadata?.resource) && hasSharedAudience(owner);
  const areIssuersOwn =
    resolverAmong(authorizationServers) === undefined &&
    namedServers(authorizationServers ?? []).every((server) => isTemplate(issuerOf(server)));
  return isShared && !areIssuersOwn
    ? 'would let a token of one tenant in at another: put "{tenant}" into every audience, or else into the issuer of every authorization server, with no resolver among them'
    : undefined;
}

/** Says why an audience cannot hold `{tenant}`: without tenants it would be taken as it is written. */
export function templatedAudienceProblem(
  audience: unknown,
  { metadata }: Pick<TenantsOwner, 'metadata'>,
): string | undefined {
  return [audience].flat().some(isTemplate) && !isTemplate(metadata?.resource)
    ? 'holds "{tenant}", which metadata.resource does not hold: there are no tenants'
    : undefined;
}

export function hasSharedAudience({
  audience,
  dangerouslySkipAudienceCheck,
}: Pick<TenantsOwner, 'audience' | 'dangerouslySkipAudienceCheck'>): boolean {
  const audiences: unknown[] = audience === undefined ? [] : [audience].flat();
  return dangerouslySkipAudienceCheck === true || !audiences.every(isTemplate);
}
