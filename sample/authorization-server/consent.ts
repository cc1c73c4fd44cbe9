import type { Interaction, Provider } from 'oidc-provider';
import type { User } from './options.js';

/** Scopes that let a client know the user and stay connected: every user may grant them. */
const FOR_EVERYONE = ['openid', 'offline_access'];

export interface Consent {
  granted: string[];
  /** Asked for, but not the user's to give. */
  refused: string[];
}

/** Splits what the client asks for by what the user may do. */
export function consentFor({ params }: Interaction, user: User): Consent {
  const allowed = new Set([...FOR_EVERYONE, ...user.scopes]);
  const asked = typeof params.scope === 'string' ? params.scope.split(' ') : [];
  return {
    granted: asked.filter((scope) => allowed.has(scope)),
    refused: asked.filter((scope) => !allowed.has(scope)),
  };
}

/** Records the consent; the refusals too, else oidc-provider would ask for them for ever. */
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
