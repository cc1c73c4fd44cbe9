import { randomUUID } from 'node:crypto';
import { importPKCS8, SignJWT } from 'jose';
import { McpAuthConfigurationError } from '../../errors/configuration.error.js';
import type { PrivateKeyJwtOptions } from '../../options/introspection.options.js';

/** Seconds; an assertion is used at once. */
const LIFETIME = 60;

/**
 * The assertions by which a client shows who it is (RFC 7523, section 3): one for each request, since
 * an authorization server takes each but once.
 *
 * The audience is the issuer identifier alone. That of an endpoint could be one that another
 * authorization server published, who would then have an assertion to use here.
 */
export class ClientAssertions {
  constructor(
    private readonly issuer: string,
    private readonly clientId: string,
    private readonly options: PrivateKeyJwtOptions,
  ) {}

  /** @throws McpAuthConfigurationError if the key is none to sign with */
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
      // What jose has to say may say what the key is.
      throw new McpAuthConfigurationError(
        `introspection.privateKeyJwt of the authorization server ${this.issuer} must hold a private key that signs with ${alg}.`,
      );
    }
  }
}
