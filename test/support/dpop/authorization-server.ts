import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { loadOidcProvider, quietly } from '../../../lib/dev-server/oidc-provider.js';
import { SCOPES } from '../mcp-flow/whoami-app.js';

/** A client that gets DPoP-bound tokens by the client credentials grant. */
export const CLIENT = { id: 'client', secret: 'a secret of the client, made up'.repeat(2) };

/** A real authorization server, which demands DPoP proofs with its own nonces. */
export interface DpopAuthorizationServer {
  readonly issuer: string;
  close(): Promise<void>;
}

export async function startDpopAuthorizationServer(
  accessTokenFormat: 'jwt' | 'opaque',
): Promise<DpopAuthorizationServer> {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), alg: 'ES256', kid: 'key', use: 'sig' };
  const { Provider } = await loadOidcProvider();
  const provider = quietly(
    () =>
      new Provider(issuer, {
        jwks: { keys: [key as never] },
        clients: [
          {
            client_id: CLIENT.id,
            client_secret: CLIENT.secret,
            grant_types: ['client_credentials'],
            redirect_uris: [],
            response_types: [],
            dpop_bound_access_tokens: true,
            id_token_signed_response_alg: 'ES256',
          },
        ],
        scopes: SCOPES,
        features: {
          devInteractions: { enabled: false },
          clientCredentials: { enabled: true },
          introspection: { enabled: true },
          dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
          resourceIndicators: {
            enabled: true,
            getResourceServerInfo: (_context, indicator) => ({
              scope: SCOPES.join(' '),
              audience: indicator,
              accessTokenFormat,
              jwt: { sign: { alg: 'ES256' } },
            }),
          },
        },
      }),
  );
  const answer = provider.callback();
  server.on('request', (request, response) => void answer(request, response));
  return {
    issuer,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
