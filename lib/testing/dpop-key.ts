import { createHash, randomUUID } from 'node:crypto';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JWK,
} from 'jose';
import { McpAuthConfigurationError } from '../errors/configuration.error.js';
import { parseUrl } from '../url/parse-url.js';

/** The request for which a DPoP proof is made. */
export interface ProofOptions {
  /**
   * The URL of the request as the client sees it: it starts with the origin of the **resource identifier**,
   * also if the test sends the request to `127.0.0.1` (`htu`).
   */
  url: string;
  /** The method of the request (`htm`). Default: `GET`. */
  method?: string;
  /** The nonce of the resource, from its header `DPoP-Nonce`. Default: none. */
  nonce?: string;
}

/** A key of a client, for tokens that are bound to it by DPoP (RFC 9449). {@link createDpopKey} makes such a key. */
export interface DpopKey {
  /** The thumbprint of the public key, which a bound token has in `cnf.jkt`. */
  readonly jkt: string;
  /**
   * Makes a proof that the sender of one request has the key. A proof is accepted only once.
   *
   * @throws McpAuthConfigurationError if `url` is not an absolute URL
   */
  proof(token: string, request: ProofOptions): Promise<string>;
}

/**
 * Makes the key of a client. Pass it to {@link TestAuthorizationServer.mint}, and send the token with a proof.
 *
 * @example
 * ```ts
 * import { createDpopKey, createTestAuthorizationServer } from 'nestjs-mcp-auth/testing';
 *
 * const resource = 'https://api.example.com/notes';
 * const server = await createTestAuthorizationServer({ audience: resource });
 * const key = await createDpopKey();
 * const token = await server.mint({ dpopKey: key });
 *
 * await fetch('http://127.0.0.1:3000/notes', {
 *   headers: {
 *     authorization: `DPoP ${token}`,
 *     dpop: await key.proof(token, { url: resource }),
 *   },
 * });
 * ```
 */
export async function createDpopKey(algorithm = 'ES256'): Promise<DpopKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm);
  const jwk = await exportJWK(publicKey);
  return {
    jkt: await calculateJwkThumbprint(jwk),
    proof: async (token, request) =>
      sign(claimsOf(token, request), { alg: algorithm, jwk }, privateKey),
  };
}

/** Returns the claims of a proof (RFC 9449, section 4.2). */
function claimsOf(token: string, { url, method = 'GET', nonce }: ProofOptions) {
  return {
    jti: randomUUID(),
    htm: method,
    htu: withoutQuery(url),
    iat: Math.floor(Date.now() / 1000),
    ath: createHash('sha256').update(token).digest('base64url'),
    ...(nonce !== undefined && { nonce }),
  };
}

function withoutQuery(url: string): string {
  const parsed = parseUrl(url);
  if (parsed === undefined) {
    throw new McpAuthConfigurationError(
      `The "url" of a DPoP proof must be the absolute URL of the request, such as "https://api.example.com/notes" (given: ${JSON.stringify(url)}).`,
    );
  }
  return parsed.origin + parsed.pathname;
}

function sign(
  claims: ReturnType<typeof claimsOf>,
  header: { alg: string; jwk: JWK },
  key: CryptoKey,
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ ...header, typ: 'dpop+jwt' }).sign(key);
}
