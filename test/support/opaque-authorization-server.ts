import { once } from 'node:events';
import { X509Certificate } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { JWK } from 'jose';
import type { ClientAuthMethod, ClientMetadata, Provider as OidcProvider } from 'oidc-provider';
import { loadOidcProvider, quietly } from '../../lib/dev-server/oidc-provider.js';
import { OTHER_SELF_SIGNED, SELF_SIGNED } from './self-signed.js';

/** The certificate of the clients that authenticate by TLS. */
const CERTIFICATE = new X509Certificate(OTHER_SELF_SIGNED.cert);
const CERTIFICATE_JWK = {
  ...CERTIFICATE.publicKey.export({ format: 'jwk' }),
  x5c: [CERTIFICATE.raw.toString('base64')],
};

/** The clients and their authentication methods. `issue` requests tokens as the client `post`. */
export const CLIENTS = {
  basic: { client_id: 'basic:client', token_endpoint_auth_method: 'client_secret_basic' },
  post: { client_id: 'post client', token_endpoint_auth_method: 'client_secret_post' },
  key: {
    client_id: 'key-client',
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: 'https://client.example.com/jwks',
  },
  hmac: {
    client_id: 'hmac-client',
    token_endpoint_auth_method: 'client_secret_basic',
    introspection_signed_response_alg: 'HS256',
  },
  tls: {
    client_id: 'tls-client',
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_subject_dn: CERTIFICATE.subject,
  },
  selfSigned: {
    client_id: 'self-signed-client',
    token_endpoint_auth_method: 'self_signed_tls_client_auth',
    jwks_uri: 'https://client.example.com/certificate',
  },
};
/** A client secret with characters that have a meaning in a form. */
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
    const server = createServer();
    const issuer = `http://localhost:${await listening(server)}`;
    // Requests a certificate from clients, and accepts any certificate. The provider decides if it is right.
    const tls = createTlsServer({
      ...SELF_SIGNED,
      ca: OTHER_SELF_SIGNED.cert,
      requestCert: true,
      rejectUnauthorized: false,
    });
    const overTls = `https://localhost:${await listening(tls)}`;
    const common = { grant_types: ['client_credentials'], redirect_uris: [], response_types: [] };
    const { Provider } = await loadOidcProvider();
    const provider = quietly(
      () =>
        new Provider(issuer, {
          clients: Object.values(CLIENTS).map((client) => ({
            ...common,
            ...client,
            ...(client.token_endpoint_auth_method.startsWith('client_secret_') && {
              client_secret: CLIENT_SECRET,
            }),
          })) as ClientMetadata[],
          clientAuthMethods: Object.values(CLIENTS).map(
            (client) => client.token_endpoint_auth_method as ClientAuthMethod,
          ),
          // The provider fetches only the two JWK Sets of the clients.
          fetch: (url) =>
            Promise.resolve(
              Response.json({
                keys: [
                  new Request(url).url === CLIENTS.selfSigned.jwks_uri ? CERTIFICATE_JWK : key,
                ],
              }),
            ),
          scopes: ['read:notes'],
          enabledJWA: { introspectionSigningAlgValues: ['RS256', 'HS256'] },
          discovery: {
            mtls_endpoint_aliases: { introspection_endpoint: `${overTls}/token/introspection` },
          },
          ttl: { ClientCredentials: 300, RefreshToken: 300 },
          features: {
            devInteractions: { enabled: false },
            clientCredentials: { enabled: true },
            introspection: { enabled: true, allowedPolicy: () => true },
            jwtIntrospection: { enabled: true },
            mTLS: {
              enabled: true,
              tlsClientAuth: true,
              selfSignedTlsClientAuth: true,
              getCertificate: ({ req }) => socketOf(req).getPeerX509Certificate(),
              certificateAuthorized: ({ req }) => socketOf(req).authorized,
              certificateSubjectMatches: ({ req }, _, expected) =>
                socketOf(req).getPeerX509Certificate()?.subject === expected,
            },
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
    const servers: Server[] = [server, tls];
    for (const each of servers) {
      each.on('request', (request, response) => void answer(request, response));
    }
    return new OpaqueAuthorizationServer(issuer, provider, async () => {
      for (const each of servers) {
        each.closeAllConnections();
        await new Promise((resolve) => each.close(resolve));
      }
    });
  }

  /** Requests an access token by the client credentials grant. */
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

async function listening(server: Server): Promise<number> {
  server.listen(0, 'localhost');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function socketOf({ socket }: IncomingMessage): TLSSocket {
  return socket as TLSSocket;
}
