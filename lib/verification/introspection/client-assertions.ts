import { randomUUID } from 'node:crypto';
import { importPKCS8, SignJWT } from 'jose';
import { McpAuthConfigurationError } from '../../errors/configuration.error.js';
import type { PrivateKeyJwtOptions } from '../../options/private-key-jwt.options.js';

/** The lifetime of an assertion, in seconds. An assertion is used immediately. */
const LIFETIME = 60;

/**
 * Creates the assertions that authenticate a client (RFC 7523, section 3). Each request gets a new assertion, because
 * an authorization server may accept each assertion only once.
 *
 * By default, the audience is the issuer identifier, not the URL of the token endpoint, which RFC 7523 allows
 * too. The metadata of a malicious authorization server could name the token endpoint of another server. If that
 * URL were the audience, the malicious server would get, at its introspection endpoint, assertions that the
 * other server accepts.
 */
export class ClientAssertions {
  constructor(
    private readonly issuer: string,
    private readonly clientId: string,
    private readonly options: PrivateKeyJwtOptions,
  ) {}

  /** @throws McpAuthConfigurationError if the key cannot sign */
  async next(): Promise<string> {
    const { key, audience = this.issuer } = this.options;
    const ofJwk = typeof key === 'object' && 'kty' in key ? key : {};
    const { alg = ofJwk.alg ?? '', kid = ofJwk.kid } = this.options;
    try {
      return await new SignJWT()
        .setProtectedHeader({ alg, kid })
        .setIssuer(this.clientId)
        .setSubject(this.clientId)
        .setAudience(audience)
        .setJti(randomUUID())
        .setIssuedAt()
        .setExpirationTime(`${LIFETIME} s`)
        .sign(typeof key === 'string' ? await importPKCS8(key, alg) : key);
    } catch {
      // The message of jose may contain the key.
      throw new McpAuthConfigurationError(
        `introspection.privateKeyJwt of the authorization server ${this.issuer} must hold a private key that signs with ${alg}.`,
      );
    }
  }
}
