import { randomUUID } from 'node:crypto';
import { importPKCS8, SignJWT } from 'jose';
import { McpAuthConfigurationError } from '../../errors/configuration.error.js';
import type { PrivateKeyJwtOptions } from '../../options/introspection.options.js';

/** Seconds. An assertion is used at once. */
const LIFETIME = 60;

/**
 * Makes the assertions that authenticate a client (RFC 7523, section 3). Each request gets a new one, since
 * an authorization server accepts each only once.
 *
 * By default, the audience is the issuer identifier alone. Another authorization server may have published
 * the URL of an endpoint. It could then use an assertion for that URL at this server.
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
