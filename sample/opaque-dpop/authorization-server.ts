import { randomBytes } from 'node:crypto';
import type { Configuration } from 'oidc-provider';
import { listen } from '../authorization-server/listen.js';
import { Provider, quietly } from '../authorization-server/oidc-provider.js';
import { API, EXPORTER } from './clients.js';

export interface AuthorizationServer {
  issuer: string;
  /** Returns the number of introspection requests so far. */
  introspections: () => number;
  close: () => Promise<void>;
}

/** Starts an authorization server. Its access tokens are opaque, and bound to the key of the client. */
export async function startAuthorizationServer(resource: string): Promise<AuthorizationServer> {
  const { server, origin: issuer, close } = await listen(0);
  const provider = await quietly(() => new Provider(issuer, configurationFor(resource)));
  const answer = provider.callback();
  let introspections = 0;
  server.on('request', (request, response) => {
    if (request.url === '/token/introspection') introspections += 1;
    void answer(request, response);
  });
  return { issuer, introspections: () => introspections, close };
}

function configurationFor(resource: string): Configuration {
  const machine = { redirect_uris: [], response_types: [] };
  return {
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
    scopes: ['read:reports'],
    // No user has logged in, so the client itself is the subject (RFC 9068, section 2.2).
    extraTokenClaims: (_context, { clientId }) => ({ sub: clientId }),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: {
        enabled: true,
        allowedPolicy: (_context, client) => client.clientId === API.client_id,
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
