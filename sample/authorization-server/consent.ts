import type { Interaction, Provider } from 'oidc-provider';
import type { User } from './options.js';

/** The scopes that every user may grant: a client may know the user, and may stay connected. */
const FOR_EVERYONE = ['openid', 'offline_access'];

export interface Consent {
  granted: string[];
  /** The requested scopes that the user does not have. */
  refused: string[];
}

/** Splits the requested scopes into those that the user has, and the others. */
export function consentFor({ params }: Interaction, user: User): Consent {
  const allowed = new Set([...FOR_EVERYONE, ...user.scopes]);
  const asked = typeof params.scope === 'string' ? params.scope.split(' ') : [];
  return {
    granted: asked.filter((scope) => allowed.has(scope)),
    refused: asked.filter((scope) => !allowed.has(scope)),
  };
}

/** Records the granted and the refused scopes. oidc-provider asks again for scopes that are in neither list. */
export async function saveGrant(
  provider: Provider,
  { params }: Interaction,
  user: User,
  { granted, refused }: Consent,
): Promise<string> {
  const grant = new provider.Grant({
    accountId: user.username,
    clientId: String(params.client_id),
  });
  grant.addOIDCScope(granted.join(' '));
  grant.rejectOIDCScope(refused.join(' '));
  for (const resource of [params.resource ?? []].flat().map(String)) {
    grant.addResourceScope(resource, granted.join(' '));
    grant.rejectResourceScope(resource, refused.join(' '));
  }
  return grant.save();
}
