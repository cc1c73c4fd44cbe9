import type { Provider } from 'oidc-provider';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import type { DevServer } from './dev-server.options.js';
import { CURL, resourceServerOf } from './provider-configuration.js';
import type { ResolvedOptions } from './resolved-options.js';

const TWELVE_HOURS = 12 * 60 * 60;

/** Returns a function that issues access tokens without a login. Their client is {@link CURL}. */
export function tokenIssuer(
  provider: Provider,
  { resources, users }: ResolvedOptions,
): DevServer['issueToken'] {
  return async (username, identifier = resources[0]?.resource) => {
    const user = users.find((one) => one.username === username);
    const resource = resources.find((one) => one.resource === identifier);
    const client = await provider.Client.find(CURL.client_id);
    if (user === undefined || resource === undefined || client === undefined) {
      const problem = user === undefined ? `user "${username}"` : `resource "${identifier ?? ''}"`;
      throw new McpAuthConfigurationError(`The development server has no ${problem}.`);
    }
    const token = new provider.AccessToken({
      client,
      accountId: user.username,
      resourceServer: new provider.ResourceServer(resource.resource, resourceServerOf(resource)),
      scope: resource.scopes.filter((scope) => user.scopes.includes(scope)).join(' ') || undefined,
      expiresIn: TWELVE_HOURS,
      grantId: '',
      gty: '',
    });
    return token.save();
  };
}
