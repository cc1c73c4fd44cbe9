import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { makeBadToken, signed, type BadToken } from './bad-tokens.js';
import { isClient, type IntrospectionClient } from './introspection-client.js';
import { IssuedTokens } from './issued-tokens.js';
import { LoopbackServer } from './loopback-server.js';
import { mintedClaims, type MintOptions } from './minted-claims.js';
import { makeSigningKey, type SigningKey } from './signing-key.js';

/** The options of {@link createTestAuthorizationServer}. */
export interface TestAuthorizationServerOptions {
  /** The resource identifier that tokens are for, if {@link MintOptions.audience} names no other (`aud`). */
  audience?: string | readonly string[];
  /** The JWS algorithm of the tokens. Default: `ES256`. */
  algorithm?: string;
  /** Further members of the metadata document. They replace the default members of the same name. */
  metadata?: Readonly<Record<string, unknown>>;
  /**
   * The client that may introspect tokens, by `client_secret_basic` or `client_secret_post`. Default: no client
   * authentication is needed.
   */
  introspectionClient?: IntrospectionClient;
}

/**
 * An authorization server for tests: {@link createTestAuthorizationServer} starts it. It answers real HTTP requests,
 * but nobody can log in there: the test makes the tokens.
 */
export class TestAuthorizationServer {
  /** The requests that came in, such as `GET /jwks`. A test may empty the list. */
  readonly requests: string[] = [];
  private readonly issued = new IssuedTokens();
  private readonly server = new LoopbackServer((request, response) => {
    // The client may be gone before its request was read.
    this.answer(request, response).catch(() => response.destroy());
  });

  private constructor(
    private readonly options: TestAuthorizationServerOptions,
    private key: SigningKey,
  ) {}

  /** @internal */
  static async start(options: TestAuthorizationServerOptions): Promise<TestAuthorizationServer> {
    const key = await makeSigningKey(options.algorithm ?? 'ES256');
    const server = new TestAuthorizationServer(options, key);
    await server.comeBack();
    return server;
  }

  /** The issuer identifier: name it in `authorizationServers`. It is on loopback, so `http:` is accepted. */
  get issuer(): string {
    return this.server.origin;
  }

  /**
   * Issues an access token. Introspection reports the token as active until it expires or is revoked.
   *
   * @throws McpAuthConfigurationError if neither `options` nor the server name an audience
   */
  async mint(options: MintOptions = {}): Promise<string> {
    const claims = this.claimsOf(options);
    return options.format === 'opaque'
      ? this.issued.addOpaque(claims)
      : this.issued.add(await signed({ claims, key: this.key }), claims);
  }

  /**
   * Makes a token that a resource must reject. Introspection reports the token as not active.
   *
   * @param name - the fault of the token, one of {@link BAD_TOKENS}
   * @param options - the rest of the token's content
   */
  async bad(name: BadToken, options: Omit<MintOptions, 'format'> = {}): Promise<string> {
    return makeBadToken(name, { claims: this.claimsOf(options), key: this.key });
  }

  /** Revokes a token: introspection reports the token as not active. A JWT itself does not show that it is revoked. */
  revoke(token: string): void {
    this.issued.revoke(token);
  }

  /** Replaces the key by a new one. The JWK Set no longer has the old key, so older JWTs become invalid. */
  async rotateKeys(): Promise<void> {
    this.key = await makeSigningKey(this.key.algorithm);
  }

  /** Closes all connections, and refuses new ones until {@link comeBack}. */
  async goDown(): Promise<void> {
    await this.server.down();
  }

  /** Listens again, on the same port. */
  async comeBack(): Promise<void> {
    await this.server.up();
  }

  /** Stops the server. */
  async close(): Promise<void> {
    await this.server.down();
  }

  /** Stops the server, at the end of an `await using` block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private claimsOf(options: MintOptions) {
    return mintedClaims(this.issuer, { audience: this.options.audience, ...options });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '', this.issuer);
    const asked = `${request.method ?? ''} ${pathname}`;
    this.requests.push(asked);
    if (asked === 'GET /.well-known/oauth-authorization-server') {
      send(response, 200, this.metadata());
    } else if (asked === 'GET /jwks') {
      send(response, 200, { keys: [this.key.jwk] });
    } else if (asked === 'POST /introspect') {
      await this.introspect(request, response);
    } else {
      send(response, 404, { error: 'not_found' });
    }
  }

  private async introspect(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await text(request));
    const { introspectionClient: client } = this.options;
    if (client === undefined || isClient(client, request.headers.authorization, form)) {
      send(response, 200, this.issued.introspect(form.get('token') ?? ''));
    } else {
      send(response, 401, { error: 'invalid_client' });
    }
  }

  /** Returns the metadata document (RFC 8414, section 2). MCP clients would accept it. */
  private metadata(): Record<string, unknown> {
    const { issuer, options } = this;
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      introspection_endpoint: `${issuer}/introspect`,
      introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      code_challenge_methods_supported: ['S256'],
      client_id_metadata_document_supported: true,
      authorization_response_iss_parameter_supported: true,
      dpop_signing_alg_values_supported: ['ES256', 'PS256', 'EdDSA'],
      tls_client_certificate_bound_access_tokens: true,
      ...options.metadata,
    };
  }
}

/**
 * Starts an authorization server on a free port of the loopback interface. The application verifies its tokens as it
 * does in production: it fetches the metadata (RFC 8414), and then the JWK Set or introspection responses (RFC 7662).
 *
 * @example
 * ```ts
 * import { createTestAuthorizationServer } from 'nestjs-mcp-auth/testing';
 *
 * const server = await createTestAuthorizationServer({
 *   audience: 'https://api.example.com/notes',
 * });
 * const good = await server.mint({ subject: 'alice', scopes: ['read:notes'] });
 * const expired = await server.bad('expired');
 * await server.close();
 * ```
 */
export async function createTestAuthorizationServer(
  options: TestAuthorizationServerOptions = {},
): Promise<TestAuthorizationServer> {
  return TestAuthorizationServer.start(options);
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
