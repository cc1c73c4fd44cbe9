import type { Interaction, Provider } from 'oidc-provider';
import type { DevServerUser } from './dev-server.options.js';

/** The scopes that every user may grant: a client may know the user, and may stay connected. */
const FOR_EVERYONE = ['openid', 'offline_access'];

/** The requested scopes, as the server decided about them. */
export interface Consent {
  readonly granted: readonly string[];
  /** The requested scopes that the user does not have. */
  readonly refused: readonly string[];
}

/** Splits the requested scopes into the scopes that the user may grant, and the others. */
export function consentFor({ params }: Interaction, user: DevServerUser): Consent {
  const allowed = new Set([...FOR_EVERYONE, ...user.scopes]);
  const requested = typeof params.scope === 'string' ? params.scope.split(' ') : [];
  return {
    granted: requested.filter((scope) => allowed.has(scope)),
    refused: requested.filter((scope) => !allowed.has(scope)),
  };
}

/** Records the granted and the refused scopes. `oidc-provider` asks again for scopes that are in neither list. */
export async function saveGrant(
  provider: Provider,
  interaction: Interaction,
  user: DevServerUser,
  { granted, refused }: Consent,
): Promise<string> {
  const clientId = String(interaction.params.client_id);
  const grant = new provider.Grant({ accountId: user.username, clientId });
  grant.addOIDCScope(granted.join(' '));
  grant.rejectOIDCScope(refused.join(' '));
  for (const resource of resourcesOf(interaction)) {
    grant.addResourceScope(resource, granted.join(' '));
    grant.rejectResourceScope(resource, refused.join(' '));
  }
  return grant.save();
}

/** Returns the resources that the client asks a token for (RFC 8707). */
export function resourcesOf({ params }: Interaction): string[] {
  return [params.resource ?? []].flat().map(String);
}
