import { randomBytes } from 'node:crypto';
import type { Configuration } from 'oidc-provider';
import { startDevServer, type DevServer } from 'nestjs-mcp-auth/dev-server';
import { API, EXPORTER } from './clients.js';

export interface AuthorizationServer extends Pick<DevServer, 'issuer' | 'close'> {
  /** Returns the number of introspection requests so far. */
  introspections: () => number;
}

/** Starts an authorization server. Its access tokens are opaque, and bound to the key of the client. */
export async function startAuthorizationServer(resource: string): Promise<AuthorizationServer> {
  let introspections = 0;
  const { issuer, close } = await startDevServer({
    resources: [{ resource, scopes: ['read:reports'] }],
    users: [],
    configure: (configuration) =>
      withOpaqueTokens(configuration, resource, () => {
        introspections += 1;
      }),
  });
  return { issuer, introspections: () => introspections, close };
}

function withOpaqueTokens(
  configuration: Configuration,
  resource: string,
  onIntrospection: () => void,
): Configuration {
  const machine = { redirect_uris: [], response_types: [] };
  return {
    ...configuration,
    clients: [
      {
        ...machine,
        ...EXPORTER,
        grant_types: ['client_credentials'],
        dpop_bound_access_tokens: true,
      },
      // The application itself. It gets no tokens, but may introspect the tokens of clients.
      { ...machine, ...API, grant_types: [] },
    ],
    // No user has logged in, so the client itself is the subject (RFC 9068, section 2.2).
    extraTokenClaims: (_context, { clientId }) => ({ sub: clientId }),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: {
        enabled: true,
        allowedPolicy: (_context, client) => {
          onIntrospection();
          return client.clientId === API.client_id;
        },
      },
      dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: 'read:reports',
          audience: resource,
          accessTokenFormat: 'opaque',
        }),
      },
    },
    ttl: { ClientCredentials: 600 },
  };
}
