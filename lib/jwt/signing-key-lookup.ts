import type { webcrypto } from 'node:crypto';
import { errors, type JWTHeaderParameters } from 'jose';
import type {
  AuthorizationServerRegistry,
  ConfiguredAuthorizationServer,
} from '../authorization-server/authorization-server-registry.js';
import type { JwkSet, JwkSetService } from '../authorization-server/jwk-set.service.js';
import { InvalidTokenError } from '../errors/invalid-token.error.js';
import { withoutStackTraces } from '../errors/stack-traces.js';
import type { TokenVerificationContext } from '../token/token-verifier.js';
import { unverifiedClaims } from './read-unverified.js';
import { checkTokenType } from './token-type.js';

/** Finds the key of one token, and remembers where it was. */
export class SigningKeyLookup {
  /** The authorization server that the token names, once it is known to be trusted. */
  server: ConfiguredAuthorizationServer | undefined;
  /** The issuer's keys, once they were needed. */
  keys: JwkSet | undefined;

  constructor(
    private readonly token: string,
    private readonly context: TokenVerificationContext,
    private readonly servers: AuthorizationServerRegistry,
    private readonly jwkSets: JwkSetService,
  ) {}

  /**
   * `jku`, `x5u`, `jwk` and `x5c` are never looked at. Nothing is fetched for a token that could not be
   * accepted anyhow. A key that is not in the set may be newer than the set: it is looked for again before
   * the token is refused.
   */
  async find(header: JWTHeaderParameters): Promise<webcrypto.CryptoKey> {
    checkTokenType(header.typ, this.context.jwt.typ);
    const server = this.servers.of(this.readTrustedIssuer(), this.context);
    this.server = server;
    const kept = await this.jwkSets.get(server);
    try {
      return await this.keyIn(kept, header);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) {
        throw error;
      }
    }
    return this.keyIn(await this.jwkSets.refresh(server), header);
  }

  private keyIn(keys: JwkSet, header: JWTHeaderParameters): Promise<webcrypto.CryptoKey> {
    this.keys = keys;
    return withoutStackTraces(() => keys(header));
  }

  private readTrustedIssuer(): string {
    const claims = unverifiedClaims(this.token);
    if (claims === undefined) {
      throw new InvalidTokenError('malformed');
    }
    const trusted = this.context.issuers.find((issuer) => issuer === claims.iss);
    if (trusted === undefined) {
      throw new InvalidTokenError('issuer');
    }
    return trusted;
  }
}
