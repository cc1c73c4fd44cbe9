import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JWK } from 'jose';
import type { Provider as OidcProvider } from 'oidc-provider';
import { Provider, quietly } from '../../sample/authorization-server/oidc-provider.js';

/** The clients, each with its own way to show who it is; the second is given tokens. */
export const CLIENTS = {
  basic: { client_id: 'basic:client', token_endpoint_auth_method: 'client_secret_basic' },
  post: { client_id: 'post client', token_endpoint_auth_method: 'client_secret_post' },
  key: { client_id: 'key-client', token_endpoint_auth_method: 'private_key_jwt' },
} as const;
/** With characters that have a meaning in a form. */
export const CLIENT_SECRET = `a secret: with+others%&=${'x'.repeat(32)}`;

/** A real authorization server, whose access tokens are opaque. */
export class OpaqueAuthorizationServer {
  private constructor(
    readonly issuer: string,
    readonly provider: OidcProvider,
    readonly close: () => Promise<void>,
  ) {}

  /** @param key - the public key of the client that signs assertions */
  static async start(key: JWK): Promise<OpaqueAuthorizationServer> {
    const server = createServer().listen(0, 'localhost');
    await once(server, 'listening');
    const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
    const common = { grant_types: ['client_credentials'], redirect_uris: [], response_types: [] };
    const provider = await quietly(
      () =>
        new Provider(issuer, {
          clients: Object.values(CLIENTS).map((client) => ({
            ...common,
            ...client,
            ...(client === CLIENTS.key
              ? { jwks_uri: 'https://client.example.com/jwks' }
              : { client_secret: CLIENT_SECRET }),
          })),
          // The only thing that it fetches.
          fetch: () => Promise.resolve(Response.json({ keys: [key] })),
          scopes: ['read:notes'],
          ttl: { ClientCredentials: 300, RefreshToken: 300 },
          features: {
            devInteractions: { enabled: false },
            clientCredentials: { enabled: true },
            introspection: { enabled: true, allowedPolicy: () => true },
            revocation: { enabled: true, allowedPolicy: () => true },
            resourceIndicators: {
              enabled: true,
              getResourceServerInfo: (_context, indicator) => ({
                scope: 'read:notes',
                audience: indicator,
                accessTokenFormat: 'opaque',
              }),
            },
          },
        }),
    );
    const answer = provider.callback();
    server.on('request', (request, response) => void quietly(() => answer(request, response)));
    return new OpaqueAuthorizationServer(issuer, provider, async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
  }

  /** An access token by the client credentials grant. */
  async issue(resource: string): Promise<string> {
    const response = await this.post('/token', {
      grant_type: 'client_credentials',
      scope: 'read:notes',
      resource,
    });
    const { access_token: token } = (await response.json()) as { access_token: string };
    return token;
  }

  async revoke(token: string): Promise<void> {
    await this.post('/token/revocation', { token });
  }

  private post(path: string, form: Record<string, string>): Promise<Response> {
    const { client_id } = CLIENTS.post;
    const body = new URLSearchParams({ client_id, client_secret: CLIENT_SECRET, ...form });
    return fetch(this.issuer + path, { method: 'POST', body });
  }
}
